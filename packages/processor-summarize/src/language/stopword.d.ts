/** Types of the `stopword` package, as far as it is used: it has none of its own. */
declare module "stopword" {
  const dan: string[];
  const deu: string[];
  const eng: string[];
  const fin: string[];
  const fra: string[];
  const hun: string[];
  const ita: string[];
  const jpn: string[];
  const nld: string[];
  const nob: string[];
  const pol: string[];
  const por: string[];
  const ron: string[];
  const rus: string[];
  const spa: string[];
  const swe: string[];
  const tur: string[];
  const ukr: string[];
  const zho: string[];
  export {
    dan,
    deu,
    eng,
    fin,
    fra,
    hun,
    ita,
    jpn,
    nld,
    nob,
    pol,
    por,
    ron,
    rus,
    spa,
    swe,
    tur,
    ukr,
    zho,
  };
}
