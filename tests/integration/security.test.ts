/** The port against those who should not get in, or not so far: one test for each line of docs/security.md. */
import { describe, expect, test } from "bun:test";
import { mkdir, readdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { kc } from "../support/kc.ts";
import { portServer, type PortServer } from "../support/port-server.ts";
import { until } from "../support/until.ts";
import { workspace, type Workspace } from "../support/workspace.ts";

const openssl = Bun.which("openssl");

describe("who gets in", () => {
  test("without the token, or with another, nobody; nothing of the home is told", async () => {
    await using space = await workspace();
    await using server = await portServer(space);
    for (const path of ["/api/v1/jobs", "/api/v1/events", "/metrics", "/nothing"]) {
      for (const authorization of [
        "",
        "Bearer",
        `Bearer ${server.token}x`,
        `Basic ${server.token}`,
      ]) {
        const response = await server.fetch(path, { headers: { authorization } });
        expect({ path, status: response.status }).toEqual({ path, status: 401 });
        expect(await response.text()).not.toContain(space.path);
      }
    }
    expect((await server.fetch("/api/v1/jobs")).status).toBe(200);
  });

  test("the token is long, random, and readable by its owner alone", async () => {
    await using space = await workspace();
    await using server = await portServer(space);
    expect((await stat(join(space.home, "token"))).mode & 0o777).toBe(0o600);
    expect(Buffer.from(server.token, "base64url").length).toBeGreaterThanOrEqual(32);
  });

  test("a rotated token counts from the next request on, and the old one no more", async () => {
    await using space = await workspace();
    await using server = await portServer(space);
    await kc(space, ["token", "rotate"]);
    expect((await server.fetch("/api/v1/jobs")).status).toBe(401);
    const token = (await readFile(join(space.home, "token"), "utf8")).trim();
    expect(
      (await server.fetch("/api/v1/jobs", { headers: { authorization: `Bearer ${token}` } }))
        .status,
    ).toBe(200);
  });

  test("whoever guesses is made to wait, and the work goes on", async () => {
    await using space = await workspace();
    await using server = await portServer(space);
    const wrong = { headers: { authorization: "Bearer guess" } };
    const codes = [];
    for (let i = 0; i < 25; i += 1) codes.push((await server.fetch("/api/v1/jobs", wrong)).status);
    expect(codes).toContain(429);
    // Who has the token is no guesser, also behind the same address.
    expect((await server.fetch("/api/v1/jobs")).status).toBe(200);
    expect((await kc(space, ["jobs"])).code).toBe(0);
  });

  test("a page of another site cannot speak to it, nor one whose name was made to lead here", async () => {
    await using space = await workspace();
    await using server = await portServer(space);
    const from = async (headers: Record<string, string>) => {
      const response = await server.fetch("/api/v1/jobs", { headers });
      expect(response.headers.get("access-control-allow-origin")).toBeNull();
      return response.status;
    };
    expect(await from({ origin: "https://evil.example" })).toBe(403);
    expect(await from({ origin: "null" })).toBe(403);
    expect(await from({ host: "evil.example" })).toBe(421);
    expect(await from({ origin: server.url })).toBe(200);
  });

  test("a browser gets in by a code that works once, into a cookie that scripts cannot read", async () => {
    await using space = await workspace();
    await using server = await portServer(space);
    const address = (await kc(space, ["open"])).stdout.trim();
    const first = await fetch(address);
    const cookie = first.headers.get("set-cookie") ?? "";
    expect(cookie).toContain("HttpOnly");
    expect(cookie).toContain("SameSite=Strict");
    expect((await fetch(address)).status).toBe(401);
    const session = { headers: { cookie: cookie.split(";", 1)[0] ?? "" } };
    expect((await fetch(`${server.url}/api/v1/jobs`, session)).status).toBe(200);
    expect(
      (await fetch(`${server.url}/api/v1/jobs`, { headers: { cookie: "kc_session=guess" } }))
        .status,
    ).toBe(401);
  });

  test("a browser's session outlives a restart of the server, and ends when the token is rotated", async () => {
    await using space = await workspace();
    const cookie = await (async () => {
      await using server = await portServer(space);
      const login = await fetch((await kc(space, ["open"])).stdout.trim());
      expect(new URL(login.url).origin).toBe(server.url);
      return login.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
    })();
    await using server = await portServer(space);
    const status = async (value: string) =>
      (await fetch(`${server.url}/api/v1/jobs`, { headers: { cookie: value } })).status;
    expect(await status(cookie)).toBe(200);
    // Its end is signed: nobody makes it later.
    const [until = "", ...rest] = cookie.replace("kc_session=", "").split(".");
    expect(await status(`kc_session=${[Number(until) + 1, ...rest].join(".")}`)).toBe(401);
    await kc(space, ["token", "rotate"]);
    expect(await status(cookie)).toBe(401);
  });

  test("a preflight of another site's page is allowed nothing", async () => {
    await using space = await workspace();
    await using server = await portServer(space);
    for (const origin of ["https://evil.example", server.url]) {
      const headers = { origin, "access-control-request-method": "POST" };
      const response = await server.fetch("/api/v1/jobs", { method: "OPTIONS", headers });
      const names = [...response.headers.keys()];
      expect(names.filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  test("it does not listen for other machines without TLS", async () => {
    await using space = await workspace();
    for (const address of ["0.0.0.0:0", "[::]:0"]) {
      const { code, stderr } = await kc(space, ["serve", "--listen", address]);
      expect(code).toBe(2);
      expect(stderr).toContain("without TLS");
    }
  });

  test.skipIf(openssl === null)(
    "with TLS it does, and speaks nothing else (needs openssl)",
    async () => {
      await using space = await workspace();
      await Bun.$`openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout ${space.at("key.pem")} -out ${space.at("cert.pem")}`.quiet();
      await using server = await portServer(space, [
        "--tls-cert",
        space.at("cert.pem"),
        "--tls-key",
        space.at("key.pem"),
      ]);
      expect(server.url).toStartWith("https://");
      const tls = { ca: await readFile(space.at("cert.pem"), "utf8") };
      expect((await server.fetch("/api/v1/jobs", { tls } as RequestInit)).status).toBe(200);
      const plain = await fetch(server.url.replace("https:", "http:")).then(
        ({ status }) => status,
        () => "refused",
      );
      expect(plain).not.toBe(200);
    },
  );

  test("the home's socket and its folder belong to the owner alone", async () => {
    await using space = await workspace();
    await using _server = await portServer(space);
    expect((await stat(join(space.home, "server.sock"))).mode & 0o777).toBe(0o600);
    expect((await stat(space.home)).mode & 0o777).toBe(0o700);
  });
});

describe("how far a client of the port gets", () => {
  test("a path is code: only installed processors are named", async () => {
    await using space = await workspace();
    await using server = await portServer(space);
    await space.file("in/a.txt", "text");
    await space.file("evil.ts", "await Bun.write(process.env.HOME + '/ran', '')");
    for (const processor of [space.at("evil.ts"), "./evil.ts", "file:///etc/passwd", "nothing"]) {
      const { status, code } = await submit(server, space, { pipeline: [processor] });
      expect({ status, code }).toEqual({ status: 422, code: "processor_not_allowed" });
    }
  });

  test("options that name programs or addresses are not taken", async () => {
    await using space = await workspace();
    await using server = await portServer(space);
    await space.file("in/a.txt", "text");
    const tries: [string, unknown][] = [
      ["base_url", "http://169.254.169.254/"],
      ["templates_dir", "templates"],
      ["api_key", ""],
      // Not marked, but leading elsewhere all the same.
      ["template", "/etc/passwd"],
      ["model", "../../secret.gguf"],
      ["prompt", "env:AWS_SECRET_ACCESS_KEY"],
    ];
    for (const [option, value] of tries) {
      const options = { summarize: { [option]: value } };
      const answer = await submit(server, space, { options });
      expect(answer).toMatchObject({ status: 422, code: "option_not_allowed" });
      expect(answer.detail).toContain(`options.summarize.${option}`);
    }
  });

  test("inputs and outputs outside the roots are refused, also through `..` and links", async () => {
    await using space = await workspace();
    await mkdir(space.at("root/in"), { recursive: true });
    await using server = await portServer(space, ["--root", space.at("root")].slice(0, 0), {});
    await symlink("/etc", space.at("root/etc"));
    for (const path of [
      "/etc/passwd",
      `${space.path}/../../../etc/passwd`,
      space.at("root/etc/passwd"),
      "/",
    ]) {
      const { status, code } = await submit(server, space, { paths: [path] });
      expect({ path, status, code }).toEqual({ path, status: 422, code: "path_not_allowed" });
    }
    await space.file("in/a.txt", "text");
    for (const outDir of ["/etc/kc", space.at("root/etc/kc"), `${space.path}/../kc-escape`]) {
      const { status, code } = await submit(server, space, { outDir });
      expect({ outDir, status, code }).toEqual({ outDir, status: 422, code: "path_not_allowed" });
    }
  });

  test("a link in a given folder that leads out of the roots is left out", async () => {
    await using space = await workspace();
    await using outside = await workspace();
    await using server = await portServer(space);
    await outside.file("secret.txt", "the secret words of somebody else");
    await space.file("in/a.txt", "plain text of ours, long enough for a summary of it");
    await symlink(outside.at("secret.txt"), space.at("in/b.txt"));
    await symlink(outside.path, space.at("in/more"));
    const { jobId } = await submit(server, space, {});
    const shown = await until("it is over", async () => {
      const job = await server.json<{ state: string; items: { total: number } }>(
        `/api/v1/jobs/${jobId}`,
      );
      return job.state.startsWith("completed") && job;
    });
    expect(shown.items.total).toBe(1);
  });

  test("artifacts are downloads that no browser runs, and never another file", async () => {
    await using space = await workspace();
    await using server = await portServer(space);
    await space.file("in/a.txt", "Text that is long enough to be summarised. It says two things.");
    const { jobId } = await submit(server, space, {});
    await until("it is over", async () =>
      (await server.json<{ state: string }>(`/api/v1/jobs/${jobId}`)).state.startsWith("completed"),
    );
    const get = (path: string, init?: RequestInit) =>
      server.fetch(`/api/v1/jobs/${jobId}/artifacts?path=${encodeURIComponent(path)}`, init);
    const good = await get("a_summary.md");
    expect(good.status).toBe(200);
    expect(good.headers.get("content-disposition")).toStartWith("attachment");
    expect(good.headers.get("x-content-type-options")).toBe("nosniff");
    expect(good.headers.get("content-security-policy")).toContain("sandbox");
    const whole = await good.text();
    const part = await get("a_summary.md", { headers: { range: "bytes=2-5" } });
    expect([part.status, await part.text()]).toEqual([206, whole.slice(2, 6)]);
    for (const path of [
      "../in/a.txt",
      "../../etc/passwd",
      "/etc/passwd",
      ".kc-manifest.jsonl",
      "a_summary.md/..",
      "..%2fin%2fa.txt",
    ]) {
      expect((await get(path)).status).toBe(404);
    }
    // What somebody put in its place is not what was committed.
    await rm(space.at("out/a_summary.md"));
    await symlink("/etc/passwd", space.at("out/a_summary.md"));
    expect((await get("a_summary.md")).status).toBe(409);
  });

  test("artifacts below an output folder that is a link are served; one that becomes a link is not followed", async () => {
    await using space = await workspace();
    await using server = await portServer(space);
    await space.file("in/a.txt", "Text that is long enough to be summarised. It says two things.");
    await mkdir(space.at("real"));
    await symlink(space.at("real"), space.at("out"));
    const { jobId } = await submit(server, space, {});
    await until("it is over", async () =>
      (await server.json<{ state: string }>(`/api/v1/jobs/${jobId}`)).state.startsWith("completed"),
    );
    const get = () => server.fetch(`/api/v1/jobs/${jobId}/artifacts?path=a_summary.md`);
    expect((await get()).status).toBe(200);
    await rename(space.at("real"), space.at("elsewhere"));
    await symlink(space.at("elsewhere"), space.at("real"));
    expect((await get()).status).toBe(409);
  });

  test("only the machine itself stops the supervisor or lets a browser in", async () => {
    await using space = await workspace();
    await using server = await portServer(space);
    expect((await server.fetch("/api/v1/stop", { method: "POST" })).status).toBe(403);
    expect((await server.fetch("/api/v1/login", { method: "POST" })).ok).toBe(false);
  });
});

describe("what it can be made to do", () => {
  test("requests that are too large or never end are cut off, and others are answered meanwhile", async () => {
    await using space = await workspace();
    await using server = await portServer(space);
    const large = await server
      .fetch("/api/v1/jobs", { method: "POST", body: "x".repeat(40 * 1024 * 1024) })
      .then(
        ({ status }) => status,
        () => 413,
      );
    expect(large).toBe(413);
    const { port } = new URL(server.url);
    const slow = Array.from({ length: 50 }, () => connect(Number(port), "127.0.0.1"));
    for (const socket of slow) {
      socket.on("error", () => {});
      socket.resume();
      socket.write("POST /api/v1/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n");
    }
    try {
      expect((await server.fetch("/api/v1/jobs")).status).toBe(200);
      const header = await server
        .fetch("/api/v1/jobs", { headers: { "x-long": "y".repeat(300_000) } })
        .then(
          ({ status }) => status,
          () => 431,
        );
      expect(header).toBeGreaterThanOrEqual(400);
      expect((await server.fetch("/api/v1/jobs")).status).toBe(200);
      await until(
        "the slow ones are cut off",
        () => slow.every(({ destroyed }) => destroyed),
        40_000,
      );
    } finally {
      for (const socket of slow) socket.destroy();
    }
  });

  test("thousands of silent connections are cut off, and hold up neither requests nor jobs", async () => {
    await using space = await workspace();
    await using server = await portServer(space);
    await space.file("in/a.txt", "Text that is long enough to be summarised. It says two things.");
    const { port } = new URL(server.url);
    const silent = Array.from({ length: 2_000 }, () => connect(Number(port), "127.0.0.1"));
    let connected = 0;
    for (const [at, socket] of silent.entries()) {
      socket.on("error", () => {});
      socket.on("connect", () => (connected += 1));
      socket.resume();
      if (at % 2 === 0) socket.write("GET / HTTP/1.1\r\nHost: 127");
    }
    try {
      await until("all are connected", () => connected === silent.length);
      const { jobId } = await submit(server, space, {});
      await until("the job is over", async () =>
        (await server.json<{ state: string }>(`/api/v1/jobs/${jobId}`)).state.startsWith("comp"),
      );
      await until("they are cut off", () => silent.every(({ destroyed }) => destroyed), 60_000);
    } finally {
      for (const socket of silent) socket.destroy();
    }
  });

  test("secrets appear nowhere: not in logs, events, errors, settings or process titles", async () => {
    const secret = "sk-very-secret-0123456789";
    await using space = await workspace();
    const config = await space.file("c.yaml", `summarize:\n  api_key: ${secret}\n`);
    await using server = await portServer(space, ["--config", config], {
      env: { OPENAI_API_KEY: secret },
    });
    await space.file("in/a.txt", "text of a file");
    const { jobId } = await submit(server, space, {});
    if (jobId !== undefined)
      await until(
        "it is over",
        async () =>
          !["running", "planned"].includes(
            (await server.json<{ state: string }>(`/api/v1/jobs/${jobId}`)).state,
          ),
      );
    const places = [
      await (await server.fetch("/api/v1/config")).text(),
      await (await server.fetch("/api/v1/logs?lines=1000")).text(),
      await (await server.fetch("/metrics")).text(),
      await readFile(`/proc/${server.child.pid}/cmdline`, "utf8").catch(() => ""),
    ];
    for (const name of await readdir(join(space.home, "logs"), { recursive: true }))
      places.push(await readFile(join(space.home, "logs", name), "utf8").catch(() => ""));
    for (const text of places) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(server.token);
    }
  });
});

interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly detail?: string;
  readonly jobId?: string;
}

async function submit(server: PortServer, space: Workspace, part: object): Promise<Answer> {
  const spec = {
    paths: [space.at("in")],
    pipeline: ["summarize"],
    outDir: space.at("out"),
    ...part,
  };
  const response = await server.fetch("/api/v1/jobs", {
    method: "POST",
    body: JSON.stringify(spec),
  });
  return { status: response.status, ...((await response.json()) as object) };
}
