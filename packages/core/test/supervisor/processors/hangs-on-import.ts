/** Never finishes loading. Worker side. */
await new Promise(() => {
  setInterval(() => {}, 1_000);
});
export default {};
