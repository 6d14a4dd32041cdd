/** The cap that leaves no room for a connection. */
export type ConnectionCap = 'maxConnections' | 'maxConnectionsPerAddress';

/** Keeps count of connections, and says which one makes room for another. */
export interface ConnectionRoom<Connection> {
  /**
   * Lets a connection in, idle as yet. Where a cap is reached, the connection that has been idle longest leaves for it,
   * `ended`: of the same address, or, under the cap of all, of the address that has most idle ones. Where all are
   * busy the new one stays outside, and `full` says under which cap.
   */
  enter(
    connection: Connection,
    address: string,
  ): { readonly ended: Connection | undefined } | { readonly full: ConnectionCap };
  /** A request has begun on a connection, or the last one has ended. No matter for one that is not in the room. */
  setBusy(connection: Connection, busy: boolean): void;
  leave(connection: Connection): void;
  readonly size: number;
}

interface Group {
  readonly address: string;
  size: number;
  /** Longest idle first. */
  readonly idle: Set<unknown>;
}

export interface RoomCaps {
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  /** Whether an address is that of a proxy, behind which many clients are: its connections count only among all. */
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

  /** Ends the connection of a group that has been idle longest. */
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
