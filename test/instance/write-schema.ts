import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { instanceSchema } from '../../src/instance/shape.ts';

/** Writes instance.schema.json anew: node test/instance/write-schema.ts */
const file = fileURLToPath(new URL('../../instance.schema.json', import.meta.url));
writeFileSync(file, `${JSON.stringify(instanceSchema, null, 2)}\n`);
execFileSync('npx', ['biome', 'format', '--write', file], { stdio: 'inherit' });
