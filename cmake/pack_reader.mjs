// pack_reader.mjs PACKAGE FOLDER: the reader of codes of npm's zxing-wasm as it is served: its script with the licence,
// its module, and that as small as Brotli makes it.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

const [from, to] = process.argv.slice(2);
const read = name => fs.readFileSync(path.join(from, name));
const write = (name, bytes) => fs.writeFileSync(path.join(to, name), bytes);

fs.mkdirSync(to, {recursive: true});
write('zxing_reader.js', `/*! zxing-wasm\n${read('LICENSE')}*/\n${read('dist/iife/reader/index.js')}`);
const module = read('dist/reader/zxing_reader.wasm');
write('zxing_reader.wasm', module);
const {BROTLI_PARAM_QUALITY: quality, BROTLI_PARAM_SIZE_HINT: size} = zlib.constants;
write('zxing_reader.wasm.br', zlib.brotliCompressSync(module, {params: {[quality]: 11, [size]: module.length}}));
