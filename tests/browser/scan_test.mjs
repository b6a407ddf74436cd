// A buyer who scans in the page: a film of one of our labels stands in for what the camera sees.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';

import {checkPage, openBrowser, run, startNguon, takeProblems, until} from './harness.mjs';

const camera = {permissions: ['camera']};

let nguon;
let cameraless;

before(async () => {
    nguon = await startNguon();
    cameraless = await openBrowser();
}, {timeout: 300_000});

after(async () => {
    await cameraless?.close();
    await nguon?.stop();
});

/** A film that shows one symbol on a table, a little aslant; without data an empty table. */
async function film(name, symbology, data) {
    const label = path.join(nguon.data, `${name}.png`);
    let picture = '';
    if (data) {
        run(['encode', '--symbology', symbology, '--data', data, '--format', 'png', '-o', label]);
        picture = `<img src="data:image/png;base64,${fs.readFileSync(label, 'base64')}"
            style="position:absolute;left:150px;top:90px;width:330px;transform:rotate(4deg)">`;
    }
    const page = await cameraless.page({viewport: {width: 640, height: 480}});
    await page.setContent(`<body style="margin:0;background:#b9ad98">${picture}</body>`);
    const frame = await page.screenshot({type: 'jpeg', quality: 90});
    await page.context().close();
    const file = path.join(nguon.data, `${name}.mjpeg`);
    fs.writeFileSync(file, Buffer.concat(Array.from({length: 10}, () => frame)));
    return file;
}

/** Opens the look-up page before a camera that sees this film. */
async function atCamera(t, name, symbology, data, more = camera, address = '/check') {
    const browser = await openBrowser({film: await film(name, symbology, data)});
    t.after(() => browser.close());
    const page = await browser.page(more);
    const requests = [];
    page.on('request', request => requests.push(new URL(request.url()).pathname));
    await page.goto(nguon.http + address);
    return {page, requests};
}

const shown = page => page.locator('#scan [data-say]:visible').getAttribute('data-say');
const fetched = requests => requests.filter(one => /zxing_reader/.test(one)).map(one => one.split('/').pop());

test('nothing is fetched before the tap, then the code on the label leads to its page', async t => {
    const {path: origin} = nguon.stories.b;
    const {page, requests} = await atCamera(t, 'ours', 'qr', nguon.http + origin);
    await page.evaluate(() => delete window.BarcodeDetector);
    assert.deepEqual(fetched(requests), []);
    await checkPage(page, 'consumer-scan');
    await page.click('#scan [data-start]');
    await page.waitForURL(address => address.pathname === origin);
    assert.deepEqual(fetched(requests), ['zxing_reader.js', 'zxing_reader.wasm']);
    assert.match(await page.textContent('main'), /Hành trình của lô hàng/);
    assert.deepEqual(takeProblems(page), []);
});

test('the symbols of GS1 are read with their separators, and the language stays', async t => {
    const [, gtin, lot] = /01\/(\d+)\/10\/([^?]+)/.exec(nguon.stories.b.path);
    const elements = `(01)${gtin}(10)${decodeURIComponent(lot)}(21)X7`;
    const {page} = await atCamera(t, 'elements', 'gs1-datamatrix', elements, camera, '/?lang=en');
    await page.click('#scan [data-start]');
    await page.waitForURL(address => address.pathname.endsWith(`/01/${gtin}/10/${lot}/21/X7`));
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    takeProblems(page); // nobody made that pack
});

test("the browser's own reader is used where it knows our kinds", async t => {
    const {path: origin} = nguon.stories.b;
    const {page, requests} = await atCamera(t, 'own', 'qr', nguon.http + origin);
    await page.evaluate(address => {
        window.BarcodeDetector = class {
            static getSupportedFormats = async () =>
                ['qr_code', 'data_matrix', 'ean_13', 'ean_8', 'upc_a', 'upc_e', 'code_128', 'itf'];
            detect = async video => video.videoWidth > 0 ? [{format: 'qr_code', rawValue: address}] : [];
        };
    }, nguon.http + origin);
    await page.click('#scan [data-start]');
    await page.waitForURL(address => address.pathname === origin);
    assert.deepEqual(fetched(requests), []);
});

test('a reader that lacks one of our kinds is passed over', async t => {
    const {path: origin} = nguon.stories.b;
    const {page, requests} = await atCamera(t, 'lacking', 'qr', nguon.http + origin);
    await page.evaluate(() => {
        window.BarcodeDetector = class {
            static getSupportedFormats = async () => ['qr_code'];
        };
    });
    await page.click('#scan [data-start]');
    await page.waitForURL(address => address.pathname === origin);
    assert.equal(fetched(requests).length, 2);
});

test('a foreign code is called foreign', async t => {
    const {page} = await atCamera(t, 'foreign', 'qr', 'https://example.com/khuyen-mai');
    await page.click('#scan [data-start]');
    await page.waitForURL(address => address.searchParams.has('code'));
    assert.match(await page.textContent('main'), /example\.com/);
    takeProblems(page);
});

test('where there is no code advice comes, and the camera stops on demand', async t => {
    const {page} = await atCamera(t, 'empty', '', '');
    await page.clock.install();
    await page.click('#scan [data-start]');
    await until('the camera to look', async () => await shown(page) === 'looking');
    await page.clock.runFor(13_000);
    await until('the advice', async () => await shown(page) === 'nothing');
    await checkPage(page, 'consumer-scan-nothing');
    assert.equal(await page.isVisible('#scan [data-start]'), false);
    await page.click('#scan [data-stop]');
    assert.equal(await page.$eval('#scan video', video => video.srcObject), null);
    assert.equal(await page.isVisible('#scan [data-start]'), true);
});

test('a camera that nobody looks through is off', async t => {
    const {page} = await atCamera(t, 'hidden', '', '');
    await page.click('#scan [data-start]');
    await until('the camera to look', async () => await shown(page) === 'looking');
    await page.evaluate(() => {
        Object.defineProperty(document, 'hidden', {value: true});
        document.dispatchEvent(new Event('visibilitychange'));
    });
    assert.equal(await page.$eval('#scan video', video => video.srcObject), null);
});

test('each reason for no camera is told in a sentence that helps', async t => {
    const refused = await atCamera(t, 'refused', '', '', {});
    await refused.page.click('#scan [data-start]');
    await until('the refusal', async () => await shown(refused.page) === 'refused');
    await checkPage(refused.page, 'consumer-scan-refused');

    const page = await cameraless.page(camera);
    await page.goto(nguon.http + '/check');
    await page.click('#scan [data-start]');
    await until('the absence', async () => await shown(page) === 'no_camera');

    await page.goto(nguon.http + '/check');
    await page.evaluate(() => Object.defineProperty(window, 'isSecureContext', {value: false}));
    await page.click('#scan [data-start]');
    assert.equal(await shown(page), 'insecure');
    await page.context().close();
});

test('without JavaScript the page takes codes and photographs and shows no camera', async () => {
    const page = await cameraless.page({javaScript: false});
    await page.goto(nguon.http + '/check');
    assert.equal(await page.isVisible('#scan'), false);
    await page.fill('[name=code]', '8939999000017');
    await page.click('main form button >> nth=0');
    assert.match(new URL(page.url()).pathname, /^\/01\//);
    await page.context().close();
});

test('only the page that scans may run a script or WebAssembly', async () => {
    const policy = async address => (await fetch(nguon.http + address)).headers.get('content-security-policy');
    assert.match(await policy('/check'), /script-src 'self' 'wasm-unsafe-eval'/);
    for (const address of ['/help', nguon.stories.b.path, '/report']) {
        assert.doesNotMatch(await policy(address), /script-src|wasm/);
    }
});
