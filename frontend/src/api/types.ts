import type { components } from "../generated/schema.d.ts";

type Schemas = components["schemas"];

export type Config = Schemas["Config"];
export type Deployment = Schemas["Deployment"];
export type Estimate = Schemas["Estimate"];
export type Failure = Schemas["Failure"];
export type Generation = Schemas["Generation"];
export type GenerationList = Schemas["GenerationList"];
export type Job = Schemas["Job"];
export type JobDetail = Schemas["JobDetail"];
export type Me = Schemas["Me"];
export type Model = Schemas["Model"];
export type ModelList = Schemas["ModelList"];
export type NewGeneration = Schemas["NewGeneration"];
export type Problem = Schemas["Problem"];
export type Receipt = Schemas["Receipt"];
export type Upload = Schemas["Upload"];
export type Version = Schemas["Version"];
export type Webhook = Schemas["Webhook"];
export type Weights = Schemas["Weights"];
