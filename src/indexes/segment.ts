export interface SharedSegment {
  readonly memory: WebAssembly.Memory;
}
