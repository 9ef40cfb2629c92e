// Reads {program, keys, jobs} from standard input and prints the verdict of each job; any use of the network fails.
import net from "node:net";
import { readFileSync } from "node:fs";

const refuse = () => { throw new Error("the network was used"); };
net.Socket.prototype.connect = refuse;
globalThis.fetch = refuse;

const { program, keys, jobs } = JSON.parse(readFileSync(0, "utf8"));
const { judge, readKeys } = await import(program);
const believed = readKeys(keys.did, keys.jwks, keys.origins);
const verdicts = [];
for (const { artefact, lists, now } of jobs)
  verdicts.push(await judge(Buffer.from(artefact, "base64"), believed, lists, new Date(now)));
console.log(JSON.stringify(verdicts));
