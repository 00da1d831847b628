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
        /** Limits, presets and prompts */
        get: operations["readConfig"];
        put?: never;
        post?: never;
        delete?: never;
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
        delete?: never;
        options?: never;
        head?: never;
        /** Describe a job anew, as long as it takes pictures */
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
    "/v1/jobs/{job_id}/generations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A job's generated pictures, newest first */
        get: operations["listGenerations"];
        put?: never;
        /** Up to four pictures of a prompt; with an Idempotency-Key, a repeat answers like the first call */
        post: operations["generate"];
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
        get?: never;
        /** The bytes of one picture; may be repeated */
        put: operations["putPicture"];
        post?: never;
        /** Leave a picture out and forget its bytes */
        delete: operations["removeUpload"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller, and how many jobs they have open */
        get: operations["readMe"];
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
        /**
         * Accepted
         * @description The answer of the one-call form.
         */
        Accepted: {
            /** Jobid */
            jobId: string;
            /** Message */
            message: string;
        };
        /** Config */
        Config: {
            limits: components["schemas"]["Limits"];
            /** Presets */
            presets: components["schemas"]["Preset"][];
            prompts: components["schemas"]["Prompts"];
            /** Subject */
            subject: string;
        };
        /** Counts */
        Counts: {
            /** Pending */
            pending: number;
            /** Rejected */
            rejected: number;
            /** Verified */
            verified: number;
        };
        /** Event */
        Event: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Attempt */
            attempt: number;
            /** By */
            by: string;
            /** Detail */
            detail: string;
            state: components["schemas"]["State"];
        };
        /** Failure */
        Failure: {
            /** Code */
            code: string;
            /** Retryable */
            retryable: boolean;
            /** Text */
            text: string;
        };
        /** Generation */
        Generation: {
            /**
             * Created
             * Format: date-time
             */
            created: string;
            /** Guidance */
            guidance: number;
            /** Id */
            id: string;
            /** Negativeprompt */
            negativePrompt: string;
            /** Pictures */
            pictures: string[];
            /** Prompt */
            prompt: string;
            /** Seed */
            seed: number;
            /** Steps */
            steps: number;
        };
        /** GenerationList */
        GenerationList: {
            /** Generations */
            generations: components["schemas"]["Generation"][];
        };
        /**
         * Job
         * @description `covers` are URLs of a few of its pictures; `prompt` is what the model is trained to answer.
         */
        Job: {
            /** Attempt */
            attempt: number;
            /** Classword */
            classWord: string;
            /** Covers */
            covers: string[];
            /**
             * Created
             * Format: date-time
             */
            created: string;
            /** Deadline */
            deadline: string | null;
            failure: components["schemas"]["Failure"] | null;
            /** Id */
            id: string;
            /** Method */
            method: string;
            /** Name */
            name: string;
            /** Pictures */
            pictures: number;
            /** Prompt */
            prompt: string;
            state: components["schemas"]["State"];
            /** Subject */
            subject: string;
            /**
             * Updated
             * Format: date-time
             */
            updated: string;
        };
        /** JobChange */
        JobChange: {
            /**
             * Classword
             * @default null
             */
            classWord: string | null;
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Subject
             * @default null
             */
            subject: string | null;
        };
        /** JobDetail */
        JobDetail: {
            /** Attempt */
            attempt: number;
            /** Attemptsleft */
            attemptsLeft: number;
            /** Classword */
            classWord: string;
            counts: components["schemas"]["Counts"];
            /** Covers */
            covers: string[];
            /**
             * Created
             * Format: date-time
             */
            created: string;
            /** Deadline */
            deadline: string | null;
            failure: components["schemas"]["Failure"] | null;
            /** History */
            history: components["schemas"]["Event"][];
            /** Id */
            id: string;
            /** Method */
            method: string;
            /** Name */
            name: string;
            /** Pictures */
            pictures: number;
            progress: components["schemas"]["Progress"];
            /** Prompt */
            prompt: string;
            result: components["schemas"]["Result"] | null;
            state: components["schemas"]["State"];
            /** Subject */
            subject: string;
            /**
             * Updated
             * Format: date-time
             */
            updated: string;
            /** Uploads */
            uploads: components["schemas"]["Upload"][];
        };
        /** JobList */
        JobList: {
            /** Jobs */
            jobs: components["schemas"]["Job"][];
            /** Nextcursor */
            nextCursor: string | null;
        };
        /** Limits */
        Limits: {
            /** Contenttypes */
            contentTypes: string[];
            /** Goodside */
            goodSide: number;
            /** Maxopenjobs */
            maxOpenJobs: number;
            /** Maxpicturebytes */
            maxPictureBytes: number;
            /** Maxpictures */
            maxPictures: number;
            /** Maxprints */
            maxPrints: number;
            /** Maxside */
            maxSide: number;
            /** Minpictures */
            minPictures: number;
            /** Minside */
            minSide: number;
        };
        /** Me */
        Me: {
            /** Email */
            email: string;
            /** Id */
            id: string;
            /** Maxopenjobs */
            maxOpenJobs: number;
            /** Openjobs */
            openJobs: number;
        };
        /** NewGeneration */
        NewGeneration: {
            /**
             * Count
             * @default 1
             */
            count: number;
            /**
             * Guidance
             * @default null
             */
            guidance: number | null;
            /**
             * Negativeprompt
             * @default
             */
            negativePrompt: string;
            /** Prompt */
            prompt: string;
            /**
             * Seed
             * @default null
             */
            seed: number | null;
            /**
             * Steps
             * @default null
             */
            steps: number | null;
        };
        /**
         * NewJob
         * @description `subject` is the rare word that will stand for what the pictures show, `classWord` what kind of thing that is.
         */
        NewJob: {
            /** Classword */
            classWord: string;
            /**
             * Method
             * @default dreambooth
             * @constant
             */
            method: "dreambooth";
            /** Name */
            name: string;
            /**
             * Subject
             * @default sks
             */
            subject: string;
        };
        /**
         * NewUpload
         * @description `crc32c` is base64 of the four big-endian bytes.
         */
        NewUpload: {
            /** Contenttype */
            contentType: string;
            /** Crc32C */
            crc32c: string;
            /** Filename */
            fileName: string;
            /** Size */
            size: number;
        };
        /** NewUploads */
        NewUploads: {
            /** Uploads */
            uploads: components["schemas"]["NewUpload"][];
        };
        /** Preset */
        Preset: {
            /** Label */
            label: string;
            /** Method */
            method: string;
            /** Resolution */
            resolution: number;
            /** Steps */
            steps: number;
        };
        /** Problem */
        Problem: {
            /**
             * Code
             * @enum {string}
             */
            code: "VALIDATION" | "NOT_SIGNED_IN" | "CROSS_SITE" | "NOT_FOUND" | "NOT_ALLOWED" | "NOT_READY" | "ASLEEP" | "PICTURES_MISSING" | "TOO_FEW_PICTURES" | "TOO_MANY_PICTURES" | "PICTURE_REFUSED" | "PICTURE_REMOVED" | "PICTURE_CONFLICT" | "CHECKSUM" | "SIZE_MISMATCH" | "LENGTH_REQUIRED" | "TOO_LARGE" | "KEY_REUSED" | "TOO_MANY_JOBS" | "INTAKE_PAUSED" | "CONTENDED" | "UNAVAILABLE" | "INTERNAL" | "BAD_REQUEST";
            /** Detail */
            detail: string;
            /**
             * Errors
             * @default null
             */
            errors: {
                [key: string]: string;
            }[] | null;
            /** Instance */
            instance: string;
            /** Retryable */
            retryable: boolean;
            /** Status */
            status: number;
            /** Title */
            title: string;
            /** Traceid */
            traceId: string;
            /** Type */
            type: string;
        };
        /** Progress */
        Progress: {
            /** Etaseconds */
            etaSeconds: number | null;
            /** Loss */
            loss: number | null;
            /** Samples */
            samples: components["schemas"]["Sample"][];
            /** Stage */
            stage: string;
            /** Step */
            step: number;
            /** Total */
            total: number;
        };
        /**
         * Prompts
         * @description `train` has {subject} and {classWord} to fill in; `hints` too.
         */
        Prompts: {
            /** Guidance */
            guidance: number;
            /** Hints */
            hints: string[];
            /** Steps */
            steps: number;
            /** Train */
            train: string;
        };
        /** Result */
        Result: {
            /** After */
            after: string | null;
            /** Before */
            before: string | null;
            /** Endpoint */
            endpoint: string;
            /** Likenessafter */
            likenessAfter: number | null;
            /** Likenessbefore */
            likenessBefore: number | null;
            /** Model */
            model: string;
        };
        /** Sample */
        Sample: {
            /** Step */
            step: number | null;
            /** Url */
            url: string;
        };
        /**
         * State
         * @enum {string}
         */
        State: "draft" | "uploading" | "uploaded" | "queued" | "provisioning" | "training" | "evaluating" | "registering" | "deploying" | "ready" | "cancelling" | "failed" | "cancelled" | "expired" | "retired";
        /**
         * Upload
         * @description `url` takes the bytes by PUT; `picture` is there once they are verified.
         */
        Upload: {
            failure: components["schemas"]["Failure"] | null;
            /** Filename */
            fileName: string;
            /** Height */
            height: number;
            /** Id */
            id: string;
            /** Picture */
            picture: string | null;
            /** Size */
            size: number;
            state: components["schemas"]["UploadState"];
            /** Url */
            url: string;
            /** Width */
            width: number;
        };
        /**
         * UploadState
         * @enum {string}
         */
        UploadState: "pending" | "verified" | "rejected" | "removed" | "expired" | "purged";
        /** Uploads */
        Uploads: {
            /** Uploads */
            uploads: components["schemas"]["Upload"][];
        };
    };
    responses: never;
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
            header?: never;
            path?: never;
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
                    "application/json": unknown;
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
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
                    "application/json": unknown;
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploadForm: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same for each try of one request */
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
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readConfig: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
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
                    "application/json": components["schemas"]["Config"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listJobs: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number;
            };
            header?: never;
            path?: never;
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
                    "application/json": components["schemas"]["JobList"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createJob: {
        parameters: {
            query?: never;
            header: {
                /** @description the same for each try of one request */
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
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
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
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
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listGenerations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
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
                    "application/json": components["schemas"]["GenerationList"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    generate: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same for each try of one request */
                "Idempotency-Key"?: string;
            };
            path: {
                job_id: string;
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
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Generation"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
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
                job_id: string;
                picture: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": unknown;
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
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
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submitJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
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
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    registerUploads: {
        parameters: {
            query?: never;
            header?: never;
            path: {
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
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putPicture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
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
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
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
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
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
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
