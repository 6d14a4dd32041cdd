/** What a target's process tells of itself. */
export interface Usage {
  /** CPU time since it started, in microseconds, user and system. */
  readonly cpu: number;
  /** The most memory it ever had, in bytes. */
  readonly peakRss: number;
}

export type ServerMessage = { readonly listening: string } | { readonly usage: Usage };

/** Tells the parent where the server listens, answers its questions, and ends with it. */
export function announce(url: string): void {
  const send = (message: ServerMessage) => process.send?.(message);
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    send({ usage: { cpu: user + system, peakRss: process.resourceUsage().maxRSS * 1024 } });
  });
  process.on('disconnect', () => process.exit());
  send({ listening: url });
}

/** The database file, or PostgreSQL URL, that a target was given; undefined: it works without a store. */
export const databaseFile = (): string | undefined => process.argv[2] || undefined;
