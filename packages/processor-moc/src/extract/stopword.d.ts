/** Types of the `stopword` package, as far as it is used: it has none of its own. */
declare module "stopword" {
  const dan: string[];
  const deu: string[];
  const eng: string[];
  const fra: string[];
  const ita: string[];
  const nld: string[];
  const nob: string[];
  const pol: string[];
  const por: string[];
  const spa: string[];
  const swe: string[];
  export { dan, deu, eng, fra, ita, nld, nob, pol, por, spa, swe };
}
