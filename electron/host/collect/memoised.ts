/** Of this many answers the oldest half is forgotten: a machine on which every process differs must not fill the memory. */
const ANSWERS_AT_MOST = 8192;

/** A pure function that answers the same question with the same object. `key` tells questions apart. */
export const memoised = <In, Out>(key: (value: In) => string, answer: (value: In) => Out): ((value: In) => Out) => {
  const answers = new Map<string, Out>();
  return (value) => {
    const name = key(value);
    const known = answers.get(name);
    if (known !== undefined) return known;
    const fresh = answer(value);
    if (answers.size >= ANSWERS_AT_MOST) {
      let left = ANSWERS_AT_MOST >> 1;
      for (const old of answers.keys()) if (left-- > 0) answers.delete(old);
    }
    answers.set(name, fresh);
    return fresh;
  };
};
