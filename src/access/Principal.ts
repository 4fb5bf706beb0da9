/** What a key may do: READ asks, WRITE also changes what is in libraries, ADMIN also the libraries and the server. */
export type Role = 'READ' | 'WRITE' | 'ADMIN';

/** Who asks, and what is open to them. */
export interface Principal {
  /** Null where the server asks for no key. */
  readonly keyId: string | null;
  /** For logs: the name of the key. */
  readonly name: string;
  readonly role: Role;
  /** Ids of libraries; what is in others is answered for as what is not there at all. */
  readonly libraries: 'ALL' | ReadonlySet<string>;
}

/** Whoever reaches a server that asks for no key. */
export const ANYONE: Principal = { keyId: null, name: 'anyone', role: 'ADMIN', libraries: 'ALL' };
