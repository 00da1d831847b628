/** One window at a time: the others that have the same sheet open are told that it is being done. */

/** What `work` answers, or nothing at once while another window is at it. */
export async function alone<Result>(name: string, work: () => Promise<Result>): Promise<Result | undefined> {
  const locks = globalThis.navigator?.locks;
  if (!locks) return work();
  return locks.request(name, { ifAvailable: true }, async (lock) => (lock ? work() : undefined));
}

/** Takes a name for as long as this window is open; false where another window has it. */
export function claim(name: string): Promise<boolean> {
  const locks = globalThis.navigator?.locks;
  if (!locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock ? new Promise(() => {}) : undefined;
    });
  });
}
