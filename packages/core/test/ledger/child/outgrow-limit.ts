/** Plans items until its files may not grow any more; says each acknowledged page. For trouble.test.ts. */
import { openLedger } from "../../../src/ledger/open.ts";
import { JOB, newJob } from "../fixtures.ts";

const { ledger } = await openLedger({ home: process.argv[2] ?? "" });
await ledger.beginJob(newJob());
for (let page = 0; page < 1_000; page += 1) {
  const items = Array.from({ length: 500 }, (_, n) => page * 500 + n).map((index) => ({
    index,
    path: `/in/${index}.wav`,
    relativePath: `${index}.wav`,
    stem: String(index),
    planned: null,
  }));
  await ledger.addItems(JOB, items);
  console.log(page);
}
