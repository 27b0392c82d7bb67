/** Where the product writes what happened, for whoever operates it. Pino fits; fields hold no secret and no pay figure. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
