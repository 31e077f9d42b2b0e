// SPDX-License-Identifier: CC0-1.0
// Indexes two documents and searches them with the program as a child process:
// JSON Lines in, JSON Lines out. Offsets are bytes, hence the Buffers.
import { spawnSync } from "node:child_process";

function shukach(args, input) {
    const done = spawnSync("shukach", args, { input });
    if (done.error) throw done.error;
    if (done.status > 1) throw new Error(done.stderr.toString());
    return done.stdout.toString().split("\n").filter(Boolean).map(JSON.parse);
}

function highlight({ text, highlights }) {
    const bytes = Buffer.from(text);
    let out = "";
    let at = 0;
    for (const [from, to] of highlights) {
        out += `${bytes.subarray(at, from)}[${bytes.subarray(from, to)}]`;
        at = to;
    }
    return out + bytes.subarray(at);
}

const documents = [
    { id: "port", title: "Порт", text: "У порту відновили роботу зернового термінала." },
    { id: "mist", title: "Міст", text: "Міст відкрили після ремонту." },
];
const lines = documents.map((one) => JSON.stringify(one) + "\n").join("");
shukach(["index", "--quiet", "--index", "example-index", "-"], lines);

const found = shukach(["search", "--index", "example-index", "--format", "jsonl",
                       "--", "зерновий", "термінал"]);
for (const hit of found.filter((line) => line.snippet)) {
    console.log(highlight(hit.snippet));
}
