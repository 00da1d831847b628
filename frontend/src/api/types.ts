import type { components } from "../generated/schema.d.ts";

type Schemas = components["schemas"];

export type Config = Schemas["Config"];
export type Estimate = Schemas["Estimate"];
export type Generation = Schemas["Generation"];
export type GenerationList = Schemas["GenerationList"];
export type Job = Schemas["Job"];
export type JobDetail = Schemas["JobDetail"];
export type Me = Schemas["Me"];
export type NewGeneration = Schemas["NewGeneration"];
export type Problem = Schemas["Problem"];
export type Upload = Schemas["Upload"];
