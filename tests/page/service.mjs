// Starts the service on a free port and stops it.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const root = new URL('../..', import.meta.url).pathname;

export async function start() {
  const process = spawn('dotnet', [`${root}sample-app/bin/Release/net10.0/sample-app.dll`, 'serve', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise(resolve => process.once('exit', resolve));
  for await (const line of createInterface({ input: process.stdout })) {
    const address = line.match(/http:\/\/[^ ]+/);
    if (address) return { address: address[0], stop: async () => { process.kill('SIGTERM'); await exited; } };
  }
  throw new Error(`the service ended with exit code ${await exited}; was it built with -c Release?`);
}
