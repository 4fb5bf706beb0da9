/** Where a client on this machine finds a server that listens there, without a path: `http://127.0.0.1:4400`. */
export function reachableUrl(host: string, port: number): string {
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
