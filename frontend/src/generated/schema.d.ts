// Written by scripts/generate.mjs from services/upload/openapi.json.
export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process answers */
        get: operations["readHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/problems/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a type of problem means and what to do about it, as Markdown */
        get: operations["readProblem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The documents and both buckets answer */
        get: operations["readReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A whole job in one form: 5 to 20 pictures, 30 MiB in all */
        post: operations["uploadForm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Limits, presets, prompts, prices, and whether new jobs are taken */
        get: operations["readConfig"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/generations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's gallery, newest first; all of it, of one model, or what has favourites */
        get: operations["listGenerations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/generations/{generation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One generation, with the pictures that are drawn so far; ETag and If-None-Match */
        get: operations["readGeneration"];
        put?: never;
        post?: never;
        /** Forget a generation and its pictures */
        delete: operations["deleteGeneration"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/generations/{generation_id}/pictures/{number}/favourite": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Mark a picture as a favourite */
        put: operations["likePicture"];
        post?: never;
        /** A favourite no more */
        delete: operations["unlikePicture"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's jobs, newest first */
        get: operations["listJobs"];
        put?: never;
        /** Make a job */
        post: operations["createJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One job, with its pictures, history, progress and result; ETag and If-None-Match */
        get: operations["readJob"];
        put?: never;
        post?: never;
        /** Erase a job and everything that came of it; the receipt names what went */
        delete: operations["deleteJob"];
        options?: never;
        head?: never;
        /** Describe a job anew, as long as it takes pictures; If-Match says which version */
        patch: operations["changeJob"];
        trace?: never;
    };
    "/v1/jobs/{job_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop a job; the second call answers like the first */
        post: operations["cancelJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/estimate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** How long training may take, and what it may cost */
        post: operations["estimateJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The job as it goes on, as server-sent events; resumed by Last-Event-ID */
        get: operations["watchJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop training and keep what is learnt by then; the second call answers like the first */
        post: operations["finishJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/pictures/{picture}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** uploads/ID, samples/N, before, after or generations/ID/N as image/png */
        get: operations["readPicture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The next attempt of a failed or cancelled job, with the same pictures */
        post: operations["retryJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start training; the second call answers like the first */
        post: operations["submitJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Announce pictures; each answer says where its bytes go */
        post: operations["registerUploads"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/uploads/{upload_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One picture, and which others of the job look like it */
        get: operations["readUpload"];
        /** The bytes of one picture; may be repeated */
        put: operations["putPicture"];
        post?: never;
        /** Leave a picture out and forget its bytes */
        delete: operations["removeUpload"];
        options?: never;
        head?: never;
        /** Say in words what a picture shows, as long as its job takes pictures */
        patch: operations["describeUpload"];
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller, the jobs they have open, and what is left of their day */
        get: operations["readMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Erase all of the caller's jobs and what is kept beside them; nothing may be under way */
        delete: operations["deleteMyData"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The address that is called; its secret is not told again */
        get: operations["readWebhook"];
        /** Call this address when a job is ready or has failed; each call here makes a new secret */
        put: operations["putWebhook"];
        post?: never;
        /** Call nobody */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's models, newest first */
        get: operations["listModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One model, and whether it is awake; ETag and If-None-Match */
        get: operations["readModel"];
        put?: never;
        post?: never;
        /** Erase a model and all that it drew; its job stays, with its pictures and history */
        delete: operations["deleteModel"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model_id}/deployment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether a model is awake, until when, and what it costs by the hour */
        get: operations["readDeployment"];
        put?: never;
        /** Wake a model, so that it draws; the second call answers like the first */
        post: operations["wakeModel"];
        /** Let a model sleep, so that it costs nothing; the second call answers like the first */
        delete: operations["undeployModel"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model_id}/generations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for up to four pictures; read the generation until they are drawn */
        post: operations["generate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model_id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What training made of this model, with lineage and figures */
        get: operations["listVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model_id}/versions/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One version of a model: lineage and figures */
        get: operations["readVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model_id}/versions/{number}/card": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a version is and where it comes from, as Markdown */
        get: operations["readCard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model_id}/versions/{number}/weights": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A version's files, and LoRA's adapters; each answers with a link that works for some minutes */
        get: operations["listWeights"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model_id}/versions/{number}/weights/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One file of the weights, by a short-lived link */
        get: operations["readWeights"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/receipts/{receipt_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What an erasure removed so far, and what stays for a while */
        get: operations["readReceipt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The answer of the one-call form. */
        Accepted: {
            jobId: string;
            message: string;
        };
        /** @description What LoRA has learnt, alone. `format` is of its keys: diffusers' own, or kohya's, which ComfyUI and most other tools read. */
        Adapter: {
            crc32c: string;
            /** @enum {string} */
            format: "diffusers" | "kohya";
            name: string;
            size: number;
            url: string;
        };
        /** @description Of one day; it starts again at `resets`. */
        Allowance: {
            limit: number;
            used: number;
        };
        Config: {
            intakeOpen: boolean;
            intakeReason: string;
            limits: components["schemas"]["Limits"];
            presets: components["schemas"]["Preset"][];
            prices: components["schemas"]["Prices"];
            prompts: components["schemas"]["Prompts"];
            subject: string;
        };
        Counts: {
            pending: number;
            rejected: number;
            verified: number;
        };
        /** @description `until` is when it falls asleep unless it is used before; `hourlyPrice` is what it costs while it is awake. */
        Deployment: {
            currency: string;
            failure: components["schemas"]["Failure"] | null;
            hourlyPrice: number;
            /** Format: date-time */
            since: string;
            /** @enum {string} */
            state: "awake" | "waking" | "sleeping" | "asleep" | "failed";
            until: string | null;
        };
        /**
         * @description `low` is the quarter of the jobs that took least, `high` the tenth that took longest; from `history` of `jobs` like this one, or from
         *     `config` where there are too few. `price` is absent where the stack has no prices.
         */
        Estimate: {
            /** @enum {string} */
            basis: "history" | "config";
            gpuMinutes: number;
            highSeconds: number;
            jobs: number;
            lowSeconds: number;
            price: components["schemas"]["Money"] | null;
        };
        Event: {
            /** Format: date-time */
            at: string;
            attempt: number;
            by: string;
            detail: string;
            state: components["schemas"]["State"];
        };
        Failure: {
            code: string;
            retryable: boolean;
            text: string;
        };
        /** @description `waiting` → `drawing` → `done` or `failed`; `pictures` fill one after another. */
        Generation: {
            base: boolean;
            count: number;
            /** Format: date-time */
            created: string;
            failure: components["schemas"]["Failure"] | null;
            guidance: number;
            id: string;
            model: string;
            negativePrompt: string;
            pictures: components["schemas"]["Picture"][];
            prompt: string;
            remixOf: string | null;
            seed: number;
            /** @enum {string} */
            state: "waiting" | "drawing" | "done" | "failed";
            steps: number;
            version: number;
        };
        GenerationList: {
            generations: components["schemas"]["Generation"][];
            nextCursor: string | null;
        };
        /**
         * @description `covers` are URLs of a few of its pictures, first that of the upload `cover`, if its owner chose one; `prompt` is what the model is
         *     trained to answer. `steps` is for how long it trains, `consented` when its owner said that the pictures may be used, `finishing` when
         *     they asked to keep what is learnt by then.
         */
        Job: {
            attempt: number;
            classWord: string;
            consented: string | null;
            cover: string | null;
            covers: string[];
            /** Format: date-time */
            created: string;
            deadline: string | null;
            failure: components["schemas"]["Failure"] | null;
            finishing: string | null;
            id: string;
            method: components["schemas"]["Method"];
            name: string;
            pictures: number;
            preset: components["schemas"]["PresetId"];
            prompt: string;
            state: components["schemas"]["State"];
            steps: number;
            subject: string;
            /** Format: date-time */
            updated: string;
        };
        /**
         * @description Without `consent` what was said before stands; false takes it back. `cover` is the id of the upload that stands for all in
         *     lists; an empty one takes that back.
         */
        JobChange: {
            /** @default null */
            classWord?: string | null;
            /** @default null */
            consent?: boolean | null;
            /** @default null */
            cover?: string | null;
            /** @default null */
            method?: components["schemas"]["Method"] | null;
            /** @default null */
            name?: string | null;
            /** @default null */
            preset?: components["schemas"]["PresetId"] | null;
            /** @default null */
            subject?: string | null;
        };
        JobDetail: {
            attempt: number;
            attemptsLeft: number;
            classWord: string;
            consented: string | null;
            counts: components["schemas"]["Counts"];
            cover: string | null;
            covers: string[];
            /** Format: date-time */
            created: string;
            deadline: string | null;
            failure: components["schemas"]["Failure"] | null;
            finishing: string | null;
            history: components["schemas"]["Event"][];
            id: string;
            method: components["schemas"]["Method"];
            name: string;
            pictures: number;
            preset: components["schemas"]["PresetId"];
            progress: components["schemas"]["Progress"];
            prompt: string;
            result: components["schemas"]["Result"] | null;
            state: components["schemas"]["State"];
            steps: number;
            subject: string;
            /** Format: date-time */
            updated: string;
            uploads: components["schemas"]["Upload"][];
        };
        JobList: {
            jobs: components["schemas"]["Job"][];
            nextCursor: string | null;
        };
        Limits: {
            contentTypes: string[];
            goodSide: number;
            maxOpenJobs: number;
            maxPictureBytes: number;
            maxPictures: number;
            maxPrints: number;
            maxSide: number;
            minPictures: number;
            minSide: number;
            pictureDays: number;
        };
        /** @description Where a version comes from: enough to make it again. */
        Lineage: {
            attempt: number;
            baseModel: string;
            classWord: string;
            job: string;
            method: components["schemas"]["Method"];
            pictures: number;
            pipeline: string;
            registered: string;
            subject: string;
        };
        Me: {
            email: string;
            id: string;
            maxOpenJobs: number;
            openJobs: number;
            quota: components["schemas"]["Quota"];
        };
        /**
         * @description DreamBooth changes the model itself; LoRA learns small matrices beside it, which also go on as files of their own.
         * @enum {string}
         */
        Method: "dreambooth" | "lora";
        /** @description The id is that of the job that trained it. */
        Model: {
            classWord: string;
            covers: string[];
            /** Format: date-time */
            created: string;
            deployment: components["schemas"]["Deployment"];
            generations: number;
            id: string;
            method: components["schemas"]["Method"];
            name: string;
            prompt: string;
            subject: string;
            versions: number;
        };
        ModelList: {
            models: components["schemas"]["Model"][];
            nextCursor: string | null;
        };
        /** @description `low` to `high`, in `currency`. */
        Money: {
            asOf: string;
            currency: string;
            high: number;
            low: number;
        };
        /** @description What `remixOf` leaves open is as in that generation. `base` asks the model as it was before it was tuned, to compare. */
        NewGeneration: {
            /** @default false */
            base?: boolean;
            /** @default null */
            count?: number | null;
            /** @default null */
            guidance?: number | null;
            /** @default null */
            negativePrompt?: string | null;
            /** @default null */
            prompt?: string | null;
            /** @default null */
            remixOf?: string | null;
            /** @default null */
            seed?: number | null;
            /** @default null */
            steps?: number | null;
        };
        /**
         * @description `subject` is the rare word that will stand for what the pictures show, `classWord` what kind of thing that is. `method` says how to
         *     learn it, `preset` how long to train; `consent`, that the caller may use these pictures for it, without which the job cannot be
         *     submitted.
         */
        NewJob: {
            classWord: string;
            /** @default false */
            consent?: boolean;
            /** @default dreambooth */
            method?: components["schemas"]["Method"];
            name: string;
            /** @default standard */
            preset?: components["schemas"]["PresetId"];
            /** @default sks */
            subject?: string;
        };
        /** @description `crc32c` is base64 of the four big-endian bytes. */
        NewUpload: {
            contentType: string;
            crc32c: string;
            fileName: string;
            size: number;
        };
        NewUploads: {
            uploads: components["schemas"]["NewUpload"][];
        };
        /** @description Where a signed POST goes when one of the caller's jobs is ready or has failed. */
        NewWebhook: {
            url: string;
        };
        /** @description `url` is absent until it is drawn, and where the safety check holds it back (`blocked`). */
        Picture: {
            blocked: boolean;
            favourite: boolean;
            number: number;
            seed: number;
            url: string | null;
        };
        /** @description One way to train: how (`method`) and for how long (`steps`). Of each method there are the same presets. */
        Preset: {
            id: components["schemas"]["PresetId"];
            method: components["schemas"]["Method"];
            resolution: number;
            steps: number;
        };
        /** @enum {string} */
        PresetId: "quick" | "standard" | "thorough";
        /** @description Per hour of training and of an endpoint that is awake; 0 where the stack runs at no cost. `asOf` is the price list's date. */
        Prices: {
            asOf: string;
            currency: string;
            serving: number;
            training: number;
        };
        Problem: {
            /** @enum {string} */
            code: "VALIDATION" | "NOT_SIGNED_IN" | "CROSS_SITE" | "NOT_FOUND" | "NOT_ALLOWED" | "NOT_READY" | "ASLEEP" | "CONSENT_MISSING" | "PICTURES_MISSING" | "TOO_FEW_PICTURES" | "TOO_MANY_PICTURES" | "PICTURE_REFUSED" | "PICTURE_REMOVED" | "PICTURE_CONFLICT" | "CHECKSUM" | "SIZE_MISMATCH" | "CUT_SHORT" | "LENGTH_REQUIRED" | "TOO_LARGE" | "KEY_REUSED" | "KEY_IN_FLIGHT" | "VERSION_MISSING" | "VERSION_STALE" | "TOO_MANY_JOBS" | "OVER_QUOTA" | "BUSY" | "INTAKE_PAUSED" | "CONTENDED" | "UNAVAILABLE" | "INTERNAL" | "WEBHOOK_REFUSED" | "METHOD_NOT_ALLOWED" | "BAD_REQUEST";
            detail: string;
            /** @default null */
            errors?: {
                [key: string]: string;
            }[] | null;
            instance: string;
            retryable: boolean;
            status: number;
            title: string;
            traceId: string;
            type: string;
        };
        /** @description `losses` are [step, loss] of the whole attempt, at most 120 of them, evenly spaced. */
        Progress: {
            etaSeconds: number | null;
            loss: number | null;
            losses: number[][];
            samples: components["schemas"]["Sample"][];
            stage: string;
            step: number;
            total: number;
        };
        /** @description `train` has {subject} and {classWord} to fill in; `hints` too. */
        Prompts: {
            guidance: number;
            hints: string[];
            steps: number;
            train: string;
        };
        /** @description `bytes` and `pictures` count what was announced, `gpuMinutes` what submitted jobs are expected to take. */
        Quota: {
            bytes: components["schemas"]["Allowance"];
            gpuMinutes: components["schemas"]["Allowance"];
            pictures: components["schemas"]["Allowance"];
            /** Format: date-time */
            resets: string;
        };
        /**
         * @description What an erasure removed. `removed` names each object (gs://...), document (firestore:...) and Vertex AI resource; `kept` says what
         *     stays for a while, where and how long. While `due`, the lists grow.
         */
        Receipt: {
            /** Format: date-time */
            asked: string;
            done: string | null;
            id: string;
            jobId: string;
            kept: string[];
            removed: string[];
            /** @enum {string} */
            scope: "job" | "model";
            /** @enum {string} */
            state: "due" | "done";
        };
        ReceiptList: {
            receipts: components["schemas"]["Receipt"][];
        };
        Result: {
            after: string | null;
            before: string | null;
            endpoint: string;
            likenessAfter: number | null;
            likenessBefore: number | null;
            model: string;
        };
        Sample: {
            step: number | null;
            url: string;
        };
        /** @enum {string} */
        State: "draft" | "uploading" | "uploaded" | "queued" | "provisioning" | "training" | "evaluating" | "registering" | "deploying" | "ready" | "cancelling" | "failed" | "cancelled" | "expired" | "retired";
        /**
         * @description `status`: one move of the job, each once and in order. The others say how it is now: `upload` (Upload), `progress` (Progress),
         *     `sample` (Sample), and `error` (Failure), which comes with the status `failed`.
         */
        StatusEvent: {
            /** Format: date-time */
            at: string;
            attempt: number;
            by: string;
            detail: string;
            /** @default null */
            failure?: components["schemas"]["Failure"] | null;
            state: components["schemas"]["State"];
        };
        /**
         * @description `url` takes the bytes by PUT; `picture` is there once they are verified. `alike` are other pictures of the job that show the same;
         *     the answer to the PUT itself does not look for them.
         */
        Upload: {
            alike: string[];
            caption: string;
            failure: components["schemas"]["Failure"] | null;
            fileName: string;
            height: number;
            id: string;
            picture: string | null;
            size: number;
            state: components["schemas"]["UploadState"];
            url: string;
            width: number;
        };
        UploadChange: {
            caption: string;
        };
        /** @enum {string} */
        UploadState: "pending" | "verified" | "rejected" | "removed" | "expired" | "purged";
        Uploads: {
            uploads: components["schemas"]["Upload"][];
        };
        /** @description `number` is the attempt that made it; `result` has its pictures and figures. */
        Version: {
            card: string;
            /** Format: date-time */
            created: string;
            lineage: components["schemas"]["Lineage"];
            number: number;
            result: components["schemas"]["Result"];
            weights: string;
        };
        VersionList: {
            versions: components["schemas"]["Version"][];
        };
        /** @description `secret` is shown once, in the answer that makes it; https://www.standardwebhooks.com tells how it signs. */
        Webhook: {
            /** Format: date-time */
            created: string;
            /** @default null */
            secret?: string | null;
            url: string;
        };
        /** @description `files` are the model; `adapters`, which DreamBooth does not leave, lie beside it. */
        Weights: {
            adapters: components["schemas"]["Adapter"][];
            files: components["schemas"]["WeightsFile"][];
            minutes: number;
        };
        /** @description `url` answers once with a link that works for `minutes`; `crc32c` as Cloud Storage writes it. */
        WeightsFile: {
            crc32c: string;
            name: string;
            size: number;
            url: string;
        };
    };
    responses: {
        /** @description `ASLEEP`: The model's endpoint is asleep; `KEY_IN_FLIGHT`: The first request with this Idempotency-Key is still being answered; `NOT_READY`: The model is not ready */
        "ASLEEP-KEY_IN_FLIGHT-NOT_READY": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `BAD_REQUEST`: The request cannot be understood */
        BAD_REQUEST: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `BUSY`: Too many pictures arrive at once; `CONTENDED`: Too many changes at once; `INTAKE_PAUSED`: New jobs are not taken just now; `UNAVAILABLE`: A part that this needs does not answer */
        "BUSY-CONTENDED-INTAKE_PAUSED-UNAVAILABLE": {
            headers: {
                /** @description in seconds */
                "Retry-After": number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `BUSY`: Too many pictures arrive at once; `CONTENDED`: Too many changes at once; `UNAVAILABLE`: A part that this needs does not answer */
        "BUSY-CONTENDED-UNAVAILABLE": {
            headers: {
                /** @description in seconds */
                "Retry-After": number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `BUSY`: Too many pictures arrive at once; `UNAVAILABLE`: A part that this needs does not answer */
        "BUSY-UNAVAILABLE": {
            headers: {
                /** @description in seconds */
                "Retry-After": number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `CHECKSUM`: The bytes changed on their way; `PICTURE_REFUSED`: This picture cannot be used; `SIZE_MISMATCH`: The size is not the one that was announced */
        "CHECKSUM-PICTURE_REFUSED-SIZE_MISMATCH": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `CONSENT_MISSING`: Nobody has said that these pictures may be used; `KEY_IN_FLIGHT`: The first request with this Idempotency-Key is still being answered; `NOT_ALLOWED`: The job cannot do that now; `PICTURE_CONFLICT`: Other bytes are stored for this picture; `PICTURE_REMOVED`: This picture was removed; `PICTURES_MISSING`: Some pictures are not here yet; `TOO_FEW_PICTURES`: There are too few pictures */
        "CONSENT_MISSING-KEY_IN_FLIGHT-NOT_ALLOWED-PICTURE_CONFLICT-PICTURE_REMOVED-PICTURES_MISSING-TOO_FEW_PICTURES": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `CONSENT_MISSING`: Nobody has said that these pictures may be used; `NOT_ALLOWED`: The job cannot do that now; `PICTURES_MISSING`: Some pictures are not here yet; `TOO_FEW_PICTURES`: There are too few pictures */
        "CONSENT_MISSING-NOT_ALLOWED-PICTURES_MISSING-TOO_FEW_PICTURES": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `CONTENDED`: Too many changes at once; `INTAKE_PAUSED`: New jobs are not taken just now; `UNAVAILABLE`: A part that this needs does not answer */
        "CONTENDED-INTAKE_PAUSED-UNAVAILABLE": {
            headers: {
                /** @description in seconds */
                "Retry-After": number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `CONTENDED`: Too many changes at once; `UNAVAILABLE`: A part that this needs does not answer */
        "CONTENDED-UNAVAILABLE": {
            headers: {
                /** @description in seconds */
                "Retry-After": number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `CROSS_SITE`: This request did not come from the portal */
        CROSS_SITE: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `CUT_SHORT`: The body ended early */
        CUT_SHORT: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `INTERNAL`: Something broke on our side */
        INTERNAL: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `KEY_IN_FLIGHT`: The first request with this Idempotency-Key is still being answered */
        KEY_IN_FLIGHT: {
            headers: {
                /** @description in seconds */
                "Retry-After": number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `KEY_REUSED`: This Idempotency-Key was used for something else; `PICTURE_REFUSED`: This picture cannot be used; `TOO_MANY_PICTURES`: There are too many pictures; `VALIDATION`: Some fields need attention */
        "KEY_REUSED-PICTURE_REFUSED-TOO_MANY_PICTURES-VALIDATION": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `KEY_REUSED`: This Idempotency-Key was used for something else; `VALIDATION`: Some fields need attention */
        "KEY_REUSED-VALIDATION": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `LENGTH_REQUIRED`: The length of the body is missing */
        LENGTH_REQUIRED: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `NOT_ALLOWED`: The job cannot do that now */
        NOT_ALLOWED: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `NOT_ALLOWED`: The job cannot do that now; `PICTURE_CONFLICT`: Other bytes are stored for this picture; `PICTURE_REMOVED`: This picture was removed */
        "NOT_ALLOWED-PICTURE_CONFLICT-PICTURE_REMOVED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `NOT_ALLOWED`: The job cannot do that now; `PICTURE_REMOVED`: This picture was removed */
        "NOT_ALLOWED-PICTURE_REMOVED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `NOT_FOUND`: There is no such thing here */
        NOT_FOUND: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `NOT_SIGNED_IN`: You are not signed in */
        NOT_SIGNED_IN: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `OVER_QUOTA`: Today's allowance is used up */
        OVER_QUOTA: {
            headers: {
                /** @description in seconds */
                "Retry-After": number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `OVER_QUOTA`: Today's allowance is used up; `TOO_MANY_JOBS`: Too many jobs are open */
        "OVER_QUOTA-TOO_MANY_JOBS": {
            headers: {
                /** @description in seconds */
                "Retry-After": number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `TOO_LARGE`: That is too large */
        TOO_LARGE: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `TOO_MANY_JOBS`: Too many jobs are open */
        TOO_MANY_JOBS: {
            headers: {
                /** @description in seconds */
                "Retry-After": number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `TOO_MANY_PICTURES`: There are too many pictures */
        TOO_MANY_PICTURES: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `TOO_MANY_PICTURES`: There are too many pictures; `VALIDATION`: Some fields need attention */
        "TOO_MANY_PICTURES-VALIDATION": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `UNAVAILABLE`: A part that this needs does not answer */
        UNAVAILABLE: {
            headers: {
                /** @description in seconds */
                "Retry-After": number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `VALIDATION`: Some fields need attention */
        VALIDATION: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `VALIDATION`: Some fields need attention; `WEBHOOK_REFUSED`: This address cannot be called */
        "VALIDATION-WEBHOOK_REFUSED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `VERSION_MISSING`: Say which version you change */
        VERSION_MISSING: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `VERSION_STALE`: It was changed meanwhile */
        VERSION_STALE: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readHealth: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag that you have: 304 if it is still so */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    /** @description of this answer, for If-None-Match */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description As you know it: If-None-Match holds */
            304: {
                headers: {
                    /** @description as you know it */
                    ETag: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            500: components["responses"]["INTERNAL"];
        };
    };
    readProblem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example not-found */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it means, and what to do */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example # NOT_FOUND */
                    "text/markdown": string;
                };
            };
            404: components["responses"]["NOT_FOUND"];
            500: components["responses"]["INTERNAL"];
        };
    };
    readReadiness: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag that you have: 304 if it is still so */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    /** @description of this answer, for If-None-Match */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description As you know it: If-None-Match holds */
            304: {
                headers: {
                    /** @description as you know it */
                    ETag: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["UNAVAILABLE"];
        };
    };
    uploadForm: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same for each try of one request, another for another */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    classWord?: string;
                    images: string[];
                    /**
                     * @default dreambooth
                     * @enum {string}
                     */
                    method?: "dreambooth" | "lora";
                    name?: string;
                    subject?: string;
                };
            };
        };
        responses: {
            /** @description Successful response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            400: components["responses"]["BAD_REQUEST"];
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            409: components["responses"]["CONSENT_MISSING-KEY_IN_FLIGHT-NOT_ALLOWED-PICTURE_CONFLICT-PICTURE_REMOVED-PICTURES_MISSING-TOO_FEW_PICTURES"];
            411: components["responses"]["LENGTH_REQUIRED"];
            413: components["responses"]["TOO_LARGE"];
            422: components["responses"]["KEY_REUSED-PICTURE_REFUSED-TOO_MANY_PICTURES-VALIDATION"];
            429: components["responses"]["OVER_QUOTA-TOO_MANY_JOBS"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["BUSY-CONTENDED-INTAKE_PAUSED-UNAVAILABLE"];
        };
    };
    readConfig: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag that you have: 304 if it is still so */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    /** @description of this answer, for If-None-Match */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Config"];
                };
            };
            /** @description As you know it: If-None-Match holds */
            304: {
                headers: {
                    /** @description as you know it */
                    ETag: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["UNAVAILABLE"];
        };
    };
    listGenerations: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number;
                favourite?: boolean;
                model?: string | null;
            };
            header?: {
                /** @description an ETag that you have: 304 if it is still so */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    /** @description of this answer, for If-None-Match */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GenerationList"];
                };
            };
            /** @description As you know it: If-None-Match holds */
            304: {
                headers: {
                    /** @description as you know it */
                    ETag: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BAD_REQUEST"];
            401: components["responses"]["NOT_SIGNED_IN"];
            422: components["responses"]["VALIDATION"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["UNAVAILABLE"];
        };
    };
    readGeneration: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag that you have: 304 if it is still so */
                "If-None-Match"?: string;
            };
            path: {
                /** @example 1c4y8dn2w6r9k3q7x5tz0mhvbs */
                generation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    /** @description of this answer, for If-None-Match */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Generation"];
                };
            };
            /** @description As you know it: If-None-Match holds */
            304: {
                headers: {
                    /** @description as you know it */
                    ETag: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            404: components["responses"]["NOT_FOUND"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["UNAVAILABLE"];
        };
    };
    deleteGeneration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 1c4y8dn2w6r9k3q7x5tz0mhvbs */
                generation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            404: components["responses"]["NOT_FOUND"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["CONTENDED-UNAVAILABLE"];
        };
    };
    likePicture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 1c4y8dn2w6r9k3q7x5tz0mhvbs */
                generation_id: string;
                /** @example 1 */
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Generation"];
                };
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            404: components["responses"]["NOT_FOUND"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["CONTENDED-UNAVAILABLE"];
        };
    };
    unlikePicture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 1c4y8dn2w6r9k3q7x5tz0mhvbs */
                generation_id: string;
                /** @example 1 */
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Generation"];
                };
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            404: components["responses"]["NOT_FOUND"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["CONTENDED-UNAVAILABLE"];
        };
    };
    listJobs: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number;
            };
            header?: {
                /** @description an ETag that you have: 304 if it is still so */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    /** @description of this answer, for If-None-Match */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobList"];
                };
            };
            /** @description As you know it: If-None-Match holds */
            304: {
                headers: {
                    /** @description as you know it */
                    ETag: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BAD_REQUEST"];
            401: components["responses"]["NOT_SIGNED_IN"];
            422: components["responses"]["VALIDATION"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["UNAVAILABLE"];
        };
    };
    createJob: {
        parameters: {
            query?: never;
            header: {
                /** @description the same for each try of one request, another for another */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NewJob"];
            };
        };
        responses: {
            /** @description Successful response */
            201: {
                headers: {
                    /** @description the job's version: send it as If-Match to change the job, as If-None-Match to read it only if it changed */
                    ETag: string;
                    /** @description where the new thing is read */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            400: components["responses"]["BAD_REQUEST"];
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            409: components["responses"]["KEY_IN_FLIGHT"];
            413: components["responses"]["TOO_LARGE"];
            422: components["responses"]["KEY_REUSED-VALIDATION"];
            429: components["responses"]["TOO_MANY_JOBS"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["CONTENDED-INTAKE_PAUSED-UNAVAILABLE"];
        };
    };
    readJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag that you have: 304 if it is still so */
                "If-None-Match"?: string;
            };
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    /** @description the job's version: send it as If-Match to change the job, as If-None-Match to read it only if it changed */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            /** @description As you know it: If-None-Match holds */
            304: {
                headers: {
                    /** @description as you know it */
                    ETag: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            404: components["responses"]["NOT_FOUND"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["UNAVAILABLE"];
        };
    };
    deleteJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            202: {
                headers: {
                    /** @description the receipt */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receipt"];
                };
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["NOT_ALLOWED"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["CONTENDED-UNAVAILABLE"];
        };
    };
    changeJob: {
        parameters: {
            query?: never;
            header: {
                /** @description the job's ETag as you read it, or * */
                "If-Match": string;
            };
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["JobChange"];
            };
        };
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    /** @description the job's version: send it as If-Match to change the job, as If-None-Match to read it only if it changed */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            400: components["responses"]["BAD_REQUEST"];
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["NOT_ALLOWED"];
            412: components["responses"]["VERSION_STALE"];
            413: components["responses"]["TOO_LARGE"];
            422: components["responses"]["VALIDATION"];
            428: components["responses"]["VERSION_MISSING"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["CONTENDED-UNAVAILABLE"];
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            202: {
                headers: {
                    /** @description the job's version: send it as If-Match to change the job, as If-None-Match to read it only if it changed */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["NOT_ALLOWED"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["CONTENDED-UNAVAILABLE"];
        };
    };
    estimateJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Estimate"];
                };
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            404: components["responses"]["NOT_FOUND"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["UNAVAILABLE"];
        };
    };
    watchJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description the id of the last event that you have seen: the stream goes on after it */
                "Last-Event-ID"?: string;
            };
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-sent events: `status` (StatusEvent), `upload` (Upload), `progress` (Progress), `sample` (Sample), `error` (Failure). It ends by itself after some minutes and with the job; resume it by Last-Event-ID. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": "{\"state\":\"queued\",\"attempt\":1,\"at\":\"2025-03-02T09:30:12Z\",\"by\":\"start\",\"detail\":\"\",\"failure\":null}",
                     *       "event": "status",
                     *       "id": "1-030.1740907812000000"
                     *     }
                     */
                    "text/event-stream": {
                        data: string;
                        /** @enum {unknown} */
                        event: "status" | "upload" | "progress" | "sample" | "error";
                        id?: string;
                    } & ({
                        data?: unknown;
                        /** @constant */
                        event?: "status";
                    } | {
                        data?: unknown;
                        /** @constant */
                        event?: "upload";
                    } | {
                        data?: unknown;
                        /** @constant */
                        event?: "progress";
                    } | {
                        data?: unknown;
                        /** @constant */
                        event?: "sample";
                    } | {
                        data?: unknown;
                        /** @constant */
                        event?: "error";
                    });
                };
            };
            /** @description The job is at rest and all that there is to tell was told: do not connect again */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            404: components["responses"]["NOT_FOUND"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["BUSY-UNAVAILABLE"];
        };
    };
    finishJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            202: {
                headers: {
                    /** @description the job's version: send it as If-Match to change the job, as If-None-Match to read it only if it changed */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["NOT_ALLOWED"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["CONTENDED-UNAVAILABLE"];
        };
    };
    readPicture: {
        parameters: {
            query?: {
                width?: number | null;
                attempt?: number | null;
            };
            header?: never;
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                job_id: string;
                /** @example uploads/0b1s7kq4e9w2m5x8tz3c6nvhdr */
                picture: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture */
            200: {
                headers: {
                    /** @description a picture's address never shows another picture */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            404: components["responses"]["NOT_FOUND"];
            422: components["responses"]["VALIDATION"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["UNAVAILABLE"];
        };
    };
    retryJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            202: {
                headers: {
                    /** @description the job's version: send it as If-Match to change the job, as If-None-Match to read it only if it changed */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["NOT_ALLOWED"];
            429: components["responses"]["OVER_QUOTA"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["CONTENDED-INTAKE_PAUSED-UNAVAILABLE"];
        };
    };
    submitJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            202: {
                headers: {
                    /** @description the job's version: send it as If-Match to change the job, as If-None-Match to read it only if it changed */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["CONSENT_MISSING-NOT_ALLOWED-PICTURES_MISSING-TOO_FEW_PICTURES"];
            422: components["responses"]["TOO_MANY_PICTURES"];
            429: components["responses"]["OVER_QUOTA"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["CONTENDED-INTAKE_PAUSED-UNAVAILABLE"];
        };
    };
    registerUploads: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NewUploads"];
            };
        };
        responses: {
            /** @description Successful response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Uploads"];
                };
            };
            400: components["responses"]["BAD_REQUEST"];
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["NOT_ALLOWED"];
            413: components["responses"]["TOO_LARGE"];
            422: components["responses"]["TOO_MANY_PICTURES-VALIDATION"];
            429: components["responses"]["OVER_QUOTA"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["CONTENDED-UNAVAILABLE"];
        };
    };
    readUpload: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag that you have: 304 if it is still so */
                "If-None-Match"?: string;
            };
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                job_id: string;
                /** @example 0b1s7kq4e9w2m5x8tz3c6nvhdr */
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    /** @description of this answer, for If-None-Match */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            /** @description As you know it: If-None-Match holds */
            304: {
                headers: {
                    /** @description as you know it */
                    ETag: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            404: components["responses"]["NOT_FOUND"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["UNAVAILABLE"];
        };
    };
    putPicture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                job_id: string;
                /** @example 0b1s7kq4e9w2m5x8tz3c6nvhdr */
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/*": string;
            };
        };
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            400: components["responses"]["CUT_SHORT"];
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["NOT_ALLOWED-PICTURE_CONFLICT-PICTURE_REMOVED"];
            411: components["responses"]["LENGTH_REQUIRED"];
            413: components["responses"]["TOO_LARGE"];
            422: components["responses"]["CHECKSUM-PICTURE_REFUSED-SIZE_MISMATCH"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["BUSY-CONTENDED-UNAVAILABLE"];
        };
    };
    removeUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                job_id: string;
                /** @example 0b1s7kq4e9w2m5x8tz3c6nvhdr */
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["NOT_ALLOWED"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["CONTENDED-UNAVAILABLE"];
        };
    };
    describeUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                job_id: string;
                /** @example 0b1s7kq4e9w2m5x8tz3c6nvhdr */
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["UploadChange"];
            };
        };
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            400: components["responses"]["BAD_REQUEST"];
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["NOT_ALLOWED-PICTURE_REMOVED"];
            413: components["responses"]["TOO_LARGE"];
            422: components["responses"]["VALIDATION"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["CONTENDED-UNAVAILABLE"];
        };
    };
    readMe: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag that you have: 304 if it is still so */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    /** @description of this answer, for If-None-Match */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description As you know it: If-None-Match holds */
            304: {
                headers: {
                    /** @description as you know it */
                    ETag: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["UNAVAILABLE"];
        };
    };
    deleteMyData: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiptList"];
                };
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            409: components["responses"]["NOT_ALLOWED"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["CONTENDED-UNAVAILABLE"];
        };
    };
    readWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag that you have: 304 if it is still so */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    /** @description of this answer, for If-None-Match */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description As you know it: If-None-Match holds */
            304: {
                headers: {
                    /** @description as you know it */
                    ETag: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            404: components["responses"]["NOT_FOUND"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["UNAVAILABLE"];
        };
    };
    putWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NewWebhook"];
            };
        };
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["BAD_REQUEST"];
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            413: components["responses"]["TOO_LARGE"];
            422: components["responses"]["VALIDATION-WEBHOOK_REFUSED"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["CONTENDED-UNAVAILABLE"];
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["CONTENDED-UNAVAILABLE"];
        };
    };
    listModels: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number;
            };
            header?: {
                /** @description an ETag that you have: 304 if it is still so */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    /** @description of this answer, for If-None-Match */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelList"];
                };
            };
            /** @description As you know it: If-None-Match holds */
            304: {
                headers: {
                    /** @description as you know it */
                    ETag: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BAD_REQUEST"];
            401: components["responses"]["NOT_SIGNED_IN"];
            422: components["responses"]["VALIDATION"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["UNAVAILABLE"];
        };
    };
    readModel: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag that you have: 304 if it is still so */
                "If-None-Match"?: string;
            };
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                model_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    /** @description of this answer, for If-None-Match */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            /** @description As you know it: If-None-Match holds */
            304: {
                headers: {
                    /** @description as you know it */
                    ETag: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            404: components["responses"]["NOT_FOUND"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["UNAVAILABLE"];
        };
    };
    deleteModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                model_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            202: {
                headers: {
                    /** @description the receipt */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receipt"];
                };
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["NOT_ALLOWED"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["CONTENDED-UNAVAILABLE"];
        };
    };
    readDeployment: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag that you have: 304 if it is still so */
                "If-None-Match"?: string;
            };
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                model_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    /** @description of this answer, for If-None-Match */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            /** @description As you know it: If-None-Match holds */
            304: {
                headers: {
                    /** @description as you know it */
                    ETag: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            404: components["responses"]["NOT_FOUND"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["UNAVAILABLE"];
        };
    };
    wakeModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                model_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            404: components["responses"]["NOT_FOUND"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["CONTENDED-INTAKE_PAUSED-UNAVAILABLE"];
        };
    };
    undeployModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                model_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["NOT_ALLOWED"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["CONTENDED-UNAVAILABLE"];
        };
    };
    generate: {
        parameters: {
            query?: never;
            header: {
                /** @description the same for each try of one request, another for another */
                "Idempotency-Key": string;
            };
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                model_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NewGeneration"];
            };
        };
        responses: {
            /** @description Successful response */
            202: {
                headers: {
                    /** @description where the new thing is read */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Generation"];
                };
            };
            400: components["responses"]["BAD_REQUEST"];
            401: components["responses"]["NOT_SIGNED_IN"];
            403: components["responses"]["CROSS_SITE"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["ASLEEP-KEY_IN_FLIGHT-NOT_READY"];
            413: components["responses"]["TOO_LARGE"];
            422: components["responses"]["KEY_REUSED-VALIDATION"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["CONTENDED-UNAVAILABLE"];
        };
    };
    listVersions: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag that you have: 304 if it is still so */
                "If-None-Match"?: string;
            };
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                model_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    /** @description of this answer, for If-None-Match */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionList"];
                };
            };
            /** @description As you know it: If-None-Match holds */
            304: {
                headers: {
                    /** @description as you know it */
                    ETag: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            404: components["responses"]["NOT_FOUND"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["UNAVAILABLE"];
        };
    };
    readVersion: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag that you have: 304 if it is still so */
                "If-None-Match"?: string;
            };
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                model_id: string;
                /** @example 1 */
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    /** @description of this answer, for If-None-Match */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Version"];
                };
            };
            /** @description As you know it: If-None-Match holds */
            304: {
                headers: {
                    /** @description as you know it */
                    ETag: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            404: components["responses"]["NOT_FOUND"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["UNAVAILABLE"];
        };
    };
    readCard: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                model_id: string;
                /** @example 1 */
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The card */
            200: {
                headers: {
                    /** @description a file name that was made from the job's name */
                    "Content-Disposition": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example # Ginger cat
                     *
                     *     ## What it is
                     */
                    "text/markdown": string;
                };
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            404: components["responses"]["NOT_FOUND"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["UNAVAILABLE"];
        };
    };
    listWeights: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag that you have: 304 if it is still so */
                "If-None-Match"?: string;
            };
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                model_id: string;
                /** @example 1 */
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    /** @description of this answer, for If-None-Match */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Weights"];
                };
            };
            /** @description As you know it: If-None-Match holds */
            304: {
                headers: {
                    /** @description as you know it */
                    ETag: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            404: components["responses"]["NOT_FOUND"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["UNAVAILABLE"];
        };
    };
    readWeights: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 06fm3t8w2c9k5n1x7q4zr0hdvj */
                model_id: string;
                /** @example 1 */
                number: number;
                /** @example unet/diffusion_pytorch_model.safetensors */
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link */
            302: {
                headers: {
                    /** @description a signed link to Cloud Storage, which works for some minutes for whoever has it */
                    Location: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            404: components["responses"]["NOT_FOUND"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["UNAVAILABLE"];
        };
    };
    readReceipt: {
        parameters: {
            query?: never;
            header?: {
                /** @description an ETag that you have: 304 if it is still so */
                "If-None-Match"?: string;
            };
            path: {
                /** @example 2d7z5fp9e3s6m1w4k8qx0thvcr */
                receipt_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful response */
            200: {
                headers: {
                    /** @description of this answer, for If-None-Match */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receipt"];
                };
            };
            /** @description As you know it: If-None-Match holds */
            304: {
                headers: {
                    /** @description as you know it */
                    ETag: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NOT_SIGNED_IN"];
            404: components["responses"]["NOT_FOUND"];
            500: components["responses"]["INTERNAL"];
            503: components["responses"]["UNAVAILABLE"];
        };
    };
}
