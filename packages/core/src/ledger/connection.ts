/** A connection that remembers its statements, so that closing it really closes the file. Host, I/O (SQLite). */
import type { Database, SQLQueryBindings } from "bun:sqlite";

export type Connection = ReturnType<typeof connectionOver>;

export function connectionOver(db: Database) {
  const statements: { finalize(): void }[] = [];

  return {
    db,

    /** Compiles a statement once; the caller keeps it. */
    prepare<Row, Params extends SQLQueryBindings[] = SQLQueryBindings[]>(sql: string) {
      const statement = db.prepare<Row, Params>(sql);
      statements.push(statement);
      return statement;
    },

    /** With statements left open, SQLite would keep file and locks until they are collected. */
    close(): void {
      for (const statement of statements.splice(0)) statement.finalize();
      db.close();
    },
  };
}

/** Runs a statement once and lets go of it. */
export function runOnce<Row>(
  db: Database,
  sql: string,
  ...params: SQLQueryBindings[]
): readonly Row[] {
  const statement = db.prepare<Row, SQLQueryBindings[]>(sql);
  try {
    return statement.all(...params);
  } finally {
    statement.finalize();
  }
}
