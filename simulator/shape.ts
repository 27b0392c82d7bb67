import { isRecord } from './arguments.ts';

/** Looks at a value and tells each problem with the place where it is, as Slack does in `response_metadata.messages`. */
export type Shape = (value: unknown, at: string, tell: Tell) => void;
export type Tell = (problem: string, at: string) => void;

/** A shape that may be absent. */
export interface OptionalShape {
  readonly optional: Shape;
}

export function optional(shape: Shape): OptionalShape {
  return { optional: shape };
}

/** An object with these fields and no other. */
export function object(fields: Readonly<Record<string, Shape | OptionalShape>>, ...rules: Shape[]): Shape {
  return (value, at, tell) => {
    if (!isRecord(value)) return tell('must provide an object', at);
    for (const [name, field] of Object.entries(fields)) {
      const part = value[name];
      if (part !== undefined) (typeof field === 'function' ? field : field.optional)(part, `${at}/${name}`, tell);
      else if (typeof field === 'function') tell(`missing required field: ${name}`, at);
    }
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(fields, name)) tell(`no more properties allowed, has: ${name}`, at);
    }
    for (const rule of rules) rule(value, at, tell);
  };
}

export function text(max: number, min = 1): Shape {
  return (value, at, tell) => {
    if (typeof value !== 'string') return tell('must provide a string', at);
    if (value.length < min) tell(`must be more than ${min - 1} characters`, at);
    if (value.length > max) tell(`must be less than ${max + 1} characters`, at);
  };
}

export const anyText: Shape = text(Number.POSITIVE_INFINITY, 0);

export const flag: Shape = (value, at, tell) => {
  if (typeof value !== 'boolean') tell('must provide a boolean', at);
};

/** A finite number, of a range where one is given. */
export function number(min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): Shape {
  return (value, at, tell) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return tell('must provide a number', at);
    if (value < min || value > max) tell(`must be between ${min} and ${max}`, at);
  };
}

export function oneOf(...values: readonly string[]): Shape {
  return (value, at, tell) => {
    if (typeof value !== 'string' || !values.includes(value)) tell(`must be one of: ${values.join(', ')}`, at);
  };
}

export function array(item: Shape, max: number, min = 1): Shape {
  return (value, at, tell) => {
    if (!Array.isArray(value)) return tell('must provide an array', at);
    if (value.length < min) tell(`no less than ${min} items allowed`, at);
    if (value.length > max) tell(`no more than ${max} items allowed`, at);
    for (const [index, one] of value.entries()) item(one, `${at}/${index}`, tell);
  };
}

/** One of several objects, told apart by their `type`. */
export function byType(shapes: Readonly<Record<string, Shape>>): Shape {
  return (value, at, tell) => {
    const type = isRecord(value) ? value['type'] : undefined;
    if (typeof type !== 'string') return tell('missing required field: type', at);
    const shape = Object.hasOwn(shapes, type) ? shapes[type] : undefined;
    if (shape === undefined) return tell(`unsupported type: ${type}`, `${at}/type`);
    shape(value, at, tell);
  };
}

/** All problems of a value, such as "must be less than 151 characters [json-pointer:/blocks/0/text/text]". */
export function problemsOf(shape: Shape, value: unknown, at: string): string[] {
  const problems: string[] = [];
  shape(value, at, (problem, where) => problems.push(`${problem} [json-pointer:${where}]`));
  return problems;
}
