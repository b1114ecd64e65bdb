/** Ends its process while it is being loaded. Worker side. */
console.error("about to leave");
process.exit(9);
