// pack.mjs FILE: writes FILE.br, as small as Brotli makes it.
import fs from 'node:fs';
import zlib from 'node:zlib';

const [file] = process.argv.slice(2);
const bytes = fs.readFileSync(file);
const {BROTLI_PARAM_QUALITY: quality, BROTLI_PARAM_SIZE_HINT: size} = zlib.constants;
fs.writeFileSync(`${file}.br`, zlib.brotliCompressSync(bytes, {params: {[quality]: 11, [size]: bytes.length}}));
