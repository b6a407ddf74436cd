// What the browser tests share: an installation on free ports, Chromium, and the checks that every page must pass.
//
//   const nguon = await startNguon();                    // seeded, with its practice portal
//   const browser = await openBrowser();
//   const page = await browser.page({width: 360});       // or 1280; {javaScript: false}
//   await page.goto(nguon.http + '/');
//   await checkPage(page, 'look-up');                    // axe, pictures, no sideways scrolling, no errors
//   await browser.close(); await nguon.stop();

import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const build = process.env.TESTS_BUILD ?? path.join(root, 'build');
export const program = process.env.TESTS_PROGRAM ?? path.join(build, 'release', 'nguon');
export const screens = path.join(build, 'screens');

const modules = createRequire(path.join(build, 'npm', 'node_modules', 'harness.js'));
const {chromium} = modules('playwright-core');
const axe = fs.readFileSync(modules.resolve('axe-core/axe.min.js'), 'utf8');

const axeTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];
const phone = {width: 360, height: 740};
const desktop = {width: 1280, height: 800};

// ---- the programs under test ----

const running = new Map();

// A test that dies takes its programs along.
process.on('exit', () => {
    for (const child of running.keys()) child.kill('SIGKILL');
});
process.on('SIGTERM', () => process.exit(1));

/** Settings of whoever runs the tests stay outside. */
function cleanEnvironment() {
    return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NGUON_')));
}

/** A port that was free a moment ago, below those that the system gives to connections of others meanwhile. */
export async function freePort() {
    for (;;) {
        const port = 16_000 + Math.floor(Math.random() * 16_000);
        const server = net.createServer();
        const free = await new Promise(resolve => {
            server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
        });
        if (!free) continue;
        await new Promise(resolve => server.close(resolve));
        return port;
    }
}

/** Runs `nguon ...args` to its end; returns what it wrote, fails when its status is not 0. */
export function run(args, input = '', environment = {}) {
    const env = {...cleanEnvironment(), ...environment};
    const done = spawnSync(program, args, {input, env, encoding: 'utf8', timeout: 240_000});
    assert.equal(done.status, 0, `nguon ${args.join(' ')}: ${done.error ?? done.stderr}`);
    return done.stdout;
}

function startProgram(args, log) {
    const output = fs.openSync(log, 'a');
    const child = spawn(program, args, {stdio: ['ignore', output, output], env: cleanEnvironment()});
    fs.closeSync(output);
    const ended = new Promise(resolve => child.once('exit', resolve).once('error', resolve));
    ended.then(() => running.delete(child));
    running.set(child, ended);
    return child;
}

/** SIGTERM by pid, SIGKILL after 15 seconds. */
async function stopProgram(child) {
    if (!running.has(child)) return;
    const ended = running.get(child);
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(late);
}

/** Tries `attempt` until it returns something true; the message names what was waited for. */
export async function until(what, attempt, seconds = 30) {
    const end = Date.now() + seconds * 1000;
    for (;;) {
        const found = await attempt();
        if (found) return found;
        if (Date.now() > end) assert.fail(`waited ${seconds} s for ${what}`);
        await pause(50);
    }
}

function writeSettings(data, portalPort, target) {
    const certs = path.join(data, 'certs');
    const text = name => JSON.stringify(path.join(certs, name));
    fs.writeFileSync(path.join(data, 'nguon.toml'), [
        '[tls]',
        `certificate = ${text('server.pem')}`,
        `key = ${text('server.key')}`,
        '[practice]',
        'enabled = true',
        ...target ? [
            '[[target]]',
            'name = "practice"',
            `url = "https://127.0.0.1:${portalPort}"`,
            `certificate = ${text('connector.pem')}`,
            `key = ${text('connector.key')}`,
            `authority = ${text('ca.pem')}`,
            `receipt_key = ${text('receipt.pub')}`,
        ] : [],
        '',
    ].join('\n'));
}

export const administrator = {login: 'quan.tri', password: 'Nguon-Quan-Tri-2026!'};

/** The illustrative province, or only its administrator: {stories: {a: {path, unit}, …}, signIns: {login: …}}. */
function fillInstallation(where, publicUrl, seed) {
    if (!seed) {
        const file = path.join(os.tmpdir(), `nguon-password-${process.pid}`);
        fs.writeFileSync(file, administrator.password + '\n', {mode: 0o600});
        try {
            run(['seed', ...where, '--no-demo'], '',
                {NGUON_ADMIN_LOGIN: administrator.login, NGUON_ADMIN_PASSWORD_FILE: file});
        } finally {
            fs.rmSync(file);
        }
        return {stories: {}, signIns: {}};
    }
    const lines = run(['seed', ...where, '--public-url', publicUrl]).split('\n').filter(Boolean).map(JSON.parse);
    return {
        stories: Object.fromEntries(lines[0].scenarios.map(story => [story.scenario, story])),
        signIns: Object.fromEntries(lines.slice(1).map(signIn => [signIn.login, signIn])),
    };
}

/**
 * A new installation in a temporary directory, with certificates, practice portal and server on free ports.
 * `seed: false` leaves out the illustrative province (only `administrator` may sign in), `target: false` the portal from
 * the settings, `serve` adds arguments to `nguon serve`. Returns {data, http, https, portal, certs, stories, signIns,
 * log(), startServer(), stopServer(), startPortal(), stopPortal(), stop()}.
 */
export async function startNguon({seed = true, target = true, serve = []} = {}) {
    const data = fs.mkdtempSync(path.join(os.tmpdir(), 'nguon-browser-'));
    const certs = path.join(data, 'certs');
    const ports = {http: await freePort(), https: await freePort(), portal: await freePort()};
    const config = path.join(data, 'nguon.toml');
    const made = spawnSync(path.join(root, 'certs', 'make_dev_certs.sh'), [certs], {encoding: 'utf8'});
    assert.equal(made.status, 0, made.stderr);
    writeSettings(data, ports.portal, target);
    const filled = fillInstallation(['--data', data, '--config', config], `http://127.0.0.1:${ports.http}`, seed);

    const log = path.join(data, 'serve.log');
    let server;
    let portal;
    const nguon = {
        ...filled,
        data,
        certs,
        config,
        http: `http://127.0.0.1:${ports.http}`,
        https: `https://127.0.0.1:${ports.https}`,
        portal: `https://127.0.0.1:${ports.portal}`,
        log: () => fs.readFileSync(log, 'utf8'),
        serverPid: () => server.pid,
        portalPid: () => portal.pid,
        async startServer() {
            server = startProgram(['serve', '--data', data, '--config', config, '--http', `127.0.0.1:${ports.http}`,
                '--https', `127.0.0.1:${ports.https}`, '--public-url', nguon.http, ...serve], log);
            await until('the server to be ready', async () => {
                assert.ok(running.has(server), `nguon serve ended: ${nguon.log().slice(-2000)}`);
                return (await fetch(nguon.http + '/readyz').catch(() => null))?.ok;
            });
        },
        async startPortal() {
            portal = startProgram(['portal', '--data', path.join(data, 'portal'), '--certs', certs, '--listen',
                `127.0.0.1:${ports.portal}`], path.join(data, 'portal.log'));
        },
        stopServer: () => stopProgram(server),
        stopPortal: () => stopProgram(portal),
        async stop() {
            await stopProgram(server);
            await stopProgram(portal);
            fs.rmSync(data, {recursive: true, force: true});
        },
    };
    try {
        await nguon.startPortal();
        await nguon.startServer();
    } catch (fault) {
        await stopProgram(server); // what still runs would keep the test from ending
        await stopProgram(portal);
        throw fault;
    }
    return nguon;
}

// ---- the browser ----

/**
 * Chromium of the system. `page({width, javaScript})` opens a page in a context of its own, without cookies. `film`
 * (MJPEG) is what its camera sees; without one there is no camera.
 */
export async function openBrowser({film = ''} = {}) {
    const camera = film ? ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`] : [];
    const browser = await chromium.launch({
        executablePath: '/usr/bin/chromium',
        args: ['--no-sandbox', '--headless', '--disable-gpu', '--no-first-run', '--disable-background-networking',
            '--disable-component-update', '--disable-sync', ...camera],
    });
    return {
        async page({width = phone.width, javaScript = true, locale = 'vi-VN', ...more} = {}) {
            const context = await browser.newContext({
                viewport: width === phone.width ? phone : {width, height: desktop.height},
                javaScriptEnabled: javaScript,
                ignoreHTTPSErrors: true, // the certificate is a development one
                reducedMotion: 'reduce',
                timezoneId: 'Asia/Ho_Chi_Minh',
                locale,
                ...more,
            });
            context.setDefaultTimeout(15_000);
            return watch(await context.newPage(), javaScript);
        },
        close: () => browser.close(),
    };
}

const problems = new WeakMap();
const scriptless = new WeakSet();

/** Collects what a page must not do: script errors, refused policies, requests elsewhere, broken parts. */
function watch(page, javaScript) {
    const found = [];
    if (!javaScript) scriptless.add(page);
    problems.set(page, found);
    page.on('pageerror', error => found.push(`script error: ${error.message}`));
    page.on('console', message => {
        // Chromium also writes "Failed to load resource" for pages that are meant to answer 4xx; see below.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
            found.push(`console: ${message.text()}`);
        }
    });
    page.on('request', request => {
        const url = new URL(request.url());
        if (url.protocol.startsWith('http') && url.hostname !== '127.0.0.1' && url.hostname !== 'localhost') {
            found.push(`request elsewhere: ${url.href}`);
        }
    });
    page.on('response', response => {
        if (response.status() >= 400 && response.request().resourceType() !== 'document') {
            found.push(`${response.status()} for ${response.url()}`);
        }
    });
    return page;
}

/** What the page has done wrong since the last call. */
export function takeProblems(page) {
    return problems.get(page).splice(0);
}

/** Faults that axe finds on the page as it stands, one text each. */
export async function accessibilityFaults(page) {
    // Evaluated through the debugging protocol, so that the page's policy stays as strict as it is.
    await page.evaluate(axe);
    const result = await Promise.race([
        page.evaluate(
            tags => globalThis.axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']}),
            axeTags),
        pause(60_000, null, {ref: false}).then(() => assert.fail('axe took longer than 60 s')),
    ]);
    return result.violations.flatMap(rule =>
        rule.nodes.map(node => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary.replace(/\s+/g, ' ')}`));
}

/**
 * The page at phone and desktop width: no WCAG 2.2 A/AA fault, no sideways scrolling, no error since it was opened.
 * Whole-page pictures become build/screens/NAME-360.png and NAME-1280.png; `guide: true` also keeps what a phone
 * shows at once, from which `tests/run --screens` makes the picture for README and help; `guide: '#part'` moves there.
 * Axe is a script: a page without JavaScript has only its pictures and requests checked, so visit it with, too.
 */
export async function checkPage(page, name, {guide = false} = {}) {
    fs.mkdirSync(path.join(screens, 'guide'), {recursive: true});
    const before = page.viewportSize();
    const faults = [];
    for (const size of [phone, desktop]) {
        await page.setViewportSize(size);
        await page.screenshot({path: path.join(screens, `${name}-${size.width}.png`), fullPage: true});
        if (guide && size === phone) {
            if (guide !== true) await page.$eval(guide, part => part.scrollIntoView());
            await page.screenshot({path: path.join(screens, 'guide', `${name}.png`)});
        }
        if (scriptless.has(page)) continue;
        const wide = await page.evaluate(() => document.scrollingElement.scrollWidth);
        if (wide > size.width) faults.push(`${wide} px wide at ${size.width} px`);
        faults.push(...(await accessibilityFaults(page)).map(fault => `${fault} (at ${size.width} px)`));
    }
    await page.setViewportSize(before);
    faults.push(...takeProblems(page));
    assert.deepEqual(faults, [], `${name}: ${page.url()}`);
}

// ---- programs that are not ours ----

/** Runs a foreign tool; returns its output as bytes or fails with what it said. */
export function tool(command, args, input) {
    const done = spawnSync(command, args, {input, timeout: 60_000, maxBuffer: 64 << 20});
    assert.equal(done.status, 0, `${command} ${args.join(' ')}: ${done.error ?? done.stderr}`);
    return done.stdout;
}

/** Texts of the QR codes that zbarimg finds on page `number` of a PDF file, drawn at 300 dpi. Asked for every kind, it
 * sometimes takes rows of modules for a bar code. */
export function codesOfPdf(file, number = 1) {
    const prefix = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'nguon-pdf-')), 'page');
    try {
        tool('pdftoppm', ['-r', '300', '-f', `${number}`, '-l', `${number}`, '-singlefile', '-png', file, prefix]);
        return tool('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', `${prefix}.png`]).toString('utf8').split('\n').filter(Boolean);
    } finally {
        fs.rmSync(path.dirname(prefix), {recursive: true, force: true});
    }
}
