/** The cap that leaves no room for a connection. */
export type ConnectionCap = 'maxConnections' | 'maxConnectionsPerAddress';

/** Counts connections, and chooses which one to close when a cap is reached. */
export interface ConnectionRoom<Connection> {
  /**
   * Admits an idle connection. If a cap is reached, returns `ended`: the connection to close, the one idle longest of
   * the same address or, under the total cap, of the address with the most idle ones. If all are busy, does not admit
   * the connection and returns `full`: the cap reached.
   */
  enter(
    connection: Connection,
    address: string,
  ): { readonly ended: Connection | undefined } | { readonly full: ConnectionCap };
  /** Marks a connection as busy or idle. Ignores connections that were not admitted. */
  setBusy(connection: Connection, busy: boolean): void;
  leave(connection: Connection): void;
  readonly size: number;
}

interface Group {
  readonly address: string;
  size: number;
  /** Ordered by idle time, longest first. */
  readonly idle: Set<unknown>;
}

export interface RoomCaps {
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  /**
   * Returns whether an address is a proxy's. Its connections count only against the total cap, since it serves many
   * clients.
   */
  readonly isProxy: (address: string) => boolean;
}

export function createConnectionRoom<Connection>(caps: RoomCaps): ConnectionRoom<Connection> {
  const inside = new Map<Connection, Group>();
  const groups = new Map<string, Group>();

  function leave(connection: Connection): void {
    const group = inside.get(connection);
    if (group === undefined) return;
    inside.delete(connection);
    group.idle.delete(connection);
    group.size--;
    if (group.size === 0) groups.delete(group.address);
  }

  function mostIdle(): Group | undefined {
    let most: Group | undefined;
    for (const group of groups.values()) if (group.idle.size > (most?.idle.size ?? 0)) most = group;
    return most;
  }

  /** Removes the connection of a group that has been idle longest. */
  function makeRoom(group: Group | undefined): Connection | undefined {
    const [longest] = group?.idle ?? [];
    if (longest !== undefined) leave(longest as Connection);
    return longest as Connection | undefined;
  }

  return {
    enter(connection, address) {
      let ended: Connection | undefined;
      const own = groups.get(address);
      if (own && own.size >= caps.maxConnectionsPerAddress && !caps.isProxy(address)) {
        ended = makeRoom(own);
        if (ended === undefined) return { full: 'maxConnectionsPerAddress' };
      } else if (inside.size >= caps.maxConnections) {
        ended = makeRoom(mostIdle());
        if (ended === undefined) return { full: 'maxConnections' };
      }
      const group = groups.get(address) ?? { address, size: 0, idle: new Set() };
      groups.set(address, group);
      group.size++;
      group.idle.add(connection);
      inside.set(connection, group);
      return { ended };
    },
    setBusy(connection, busy) {
      const group = inside.get(connection);
      if (busy) group?.idle.delete(connection);
      else group?.idle.add(connection);
    },
    leave,
    get size() {
      return inside.size;
    },
  };
}
