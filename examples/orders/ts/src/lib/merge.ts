/** Settings on top of settings: objects are merged, everything else is replaced. */
export function deepMerge(target: any, source: any): any {
  for (const key in source) {
    if (source[key] !== null && typeof source[key] === "object" && !Array.isArray(source[key])) {
      target[key] ??= {};
      deepMerge(target[key], source[key]);
    } else {
      target[key] = source[key];
    }
  }
  return target;
}

/** The named properties that `source` itself has, in an object without a prototype. */
export function pick<K extends string>(source: unknown, names: readonly K[]): Partial<Record<K, unknown>> {
  const found: Partial<Record<K, unknown>> = Object.create(null);
  if (source === null || typeof source !== "object") {
    return found;
  }
  for (const name of names) {
    if (Object.hasOwn(source, name)) {
      found[name] = (source as Record<K, unknown>)[name];
    }
  }
  return found;
}
