/** JSON Schemas of functions, in words. */

interface Schema {
  type?: string;
  $ref?: string;
  $defs?: Record<string, Schema>;
  anyOf?: Schema[];
  items?: Schema;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  default?: unknown;
  "python type"?: string;
  python_type?: string;
}

export interface Parameter {
  name: string;
  type: string;
  required: boolean;
}

export function parameters(text: string): Parameter[] {
  const schema = read(text);
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    type: typeWords(property, schema.$defs ?? {}),
    required: required.has(name),
  }));
}

/** Of the `result` property, which is what a call gives (contract, section 5). */
export function resultType(text: string): string {
  const schema = read(text);
  const result = schema.properties?.["result"];
  return result ? typeWords(result, schema.$defs ?? {}) : "anything";
}

function read(text: string): Schema {
  try {
    return JSON.parse(text) as Schema;
  } catch {
    return {};
  }
}

/** Definitions may contain themselves; deeper than this nobody reads. */
const DEEPEST = 4;

function typeWords(schema: Schema, definitions: Record<string, Schema>, depth = 0): string {
  const python = schema["python type"] ?? schema.python_type;
  if (python?.endsWith("Image")) return "image";
  if (python) return python;
  if (depth > DEEPEST) return "…";
  const inner = (schema: Schema) => typeWords(schema, definitions, depth + 1);
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split("/").at(-1) ?? "";
    const definition = definitions[name];
    return definition ? inner(definition) : name;
  }
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  if (schema.anyOf) return schema.anyOf.map(inner).join(" or ");
  if (schema.type === "array") return `list of ${schema.items ? inner(schema.items) : "anything"}`;
  if (schema.properties) {
    return `{${Object.entries(schema.properties).map(([name, property]) => `${name}: ${inner(property)}`).join(", ")}}`;
  }
  return WORDS[schema.type ?? ""] ?? schema.type ?? "anything";
}

const WORDS: Record<string, string> = { string: "text", integer: "whole number", null: "nothing", boolean: "true or false" };
