// What people do on the pages, for all browser tests.

import assert from 'node:assert/strict';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';

import {tool} from './harness.mjs';

/** The tax code that begins with these nine digits: the tenth proves them. */
export function taxCode(nineDigits) {
    const weights = [31, 29, 23, 19, 17, 13, 7, 5, 3];
    const sum = weights.reduce((total, weight, i) => total + weight * Number(nineDigits[i]), 0);
    return `${nineDigits}${10 - (sum % 11)}`;
}

/**
 * Somebody who fills in forms: counts the pages that are shown and the fields that are touched.
 * `fields` are by name, as the form sends them.
 */
export class Person {
    constructor(page) {
        this.page = page;
        this.pagesSeen = 0;
        this.fieldsFilled = 0;
        this.uploads = 0;
        page.on('domcontentloaded', () => this.pagesSeen++);
    }

    field(name) {
        return this.page.locator(`main [name="${name}"]:not([type=hidden])`);
    }

    async type(name, text) {
        await this.field(name).first().fill(text);
        this.fieldsFilled++;
    }

    async choose(name, value) {
        await this.field(name).first().selectOption(value);
        this.fieldsFilled++;
    }

    /** What stands in a folded part is unfolded first, as a person does. */
    async tap(name, value) {
        const box = this.page.locator(`[name="${name}"][value="${value}"]`);
        const folded = this.page.locator('main details:not([open])', {has: box});
        if (await folded.count() > 0) await folded.first().locator('summary').click();
        await box.check();
        this.fieldsFilled++;
    }

    async attach(name, file) {
        await this.field(name).setInputFiles(file);
        this.fieldsFilled++;
        this.uploads++;
    }

    /** Sends the form of the main part; waits for the page that comes. */
    async send(button = 'main form[method=post] button.button:visible') {
        const next = this.page.waitForEvent('domcontentloaded');
        await this.page.locator(button).first().click();
        await next;
    }
}

export const firm = {
    kind: 'cooperative',
    name: 'Hợp tác xã Chè Nậm Sỏ',
    tax_code: taxCode('990020019'),
    commune_code: '03424',
    address_line: 'bản Hô Bon',
    owner_name: 'Lò Văn Hặc',
    login: 'htx.namso',
    password: 'Che-Nam-So-2026!',
};

/** Signs a new firm up and stays signed in; ends on the page for the first product. */
export async function signUp(person, base, wanted = firm) {
    await person.page.goto(base + '/console/sign-up');
    if (wanted.kind !== 'cooperative') await person.choose('kind', wanted.kind);
    await person.type('name', wanted.name);
    await person.type('tax_code', wanted.tax_code);
    await person.choose('commune_code', wanted.commune_code);
    await person.type('address_line', wanted.address_line);
    await person.type('owner_name', wanted.owner_name);
    await person.type('login', wanted.login);
    await person.type('password', wanted.password);
    await person.send();
    assert.equal(new URL(person.page.url()).pathname, '/console/products/new');
}

export async function signIn(page, base, {login, password}) {
    await page.goto(base + '/console/sign-in');
    await page.fill('[name=login]', login);
    await page.fill('[name=password]', password);
    await Promise.all([page.waitForURL(url => !url.pathname.endsWith('/sign-in')), page.click('main form button')]);
}

/** Taps a link that answers with a file; returns where it was saved. */
export async function download(page, link, file) {
    const [sent] = await Promise.all([page.waitForEvent('download'), page.click(link)]);
    await sent.saveAs(file);
    return file;
}

/** A photograph of a pack, drawn by the browser. */
export async function packShot(browser, file = path.join(os.tmpdir(), `nguon-pack-${process.pid}.jpg`)) {
    const page = await browser.page({width: 900});
    await page.setContent('<body style="margin:0;background:#d9d2c4;display:grid;place-items:center;height:780px">' +
        '<div style="width:420px;height:600px;border-radius:18px;background:linear-gradient(100deg,#14583f,#2f8a63);' +
        'color:#fff;font:700 52px/1.2 sans-serif;text-align:center;padding:70px 30px">Chè xanh<br>Nậm Sỏ</div></body>');
    await page.screenshot({path: file, type: 'jpeg', quality: 85});
    await page.context().close();
    return file;
}

/** Our empty sheet with rows of texts below its header, as a spreadsheet program would write them. */
export function fillSheet(template, rows, file) {
    const script = `
import json, re, sys, zipfile
from xml.sax.saxutils import escape
source, target = sys.argv[1:]
with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
    for item in old.infolist():
        data = old.read(item)
        if item.filename == "xl/worksheets/sheet1.xml":
            text = data.decode()
            lines = re.findall(r"<row .*?</row>", text, re.S)
            cells = lambda row: "".join('<c t="inlineStr"><is><t>%s</t></is></c>' % escape(cell) for cell in row)
            lines[1:] = ['<row>%s</row>' % cells(row) for row in json.load(sys.stdin)]
            data = re.sub(r"<sheetData>.*</sheetData>", lambda _: "<sheetData>%s</sheetData>" % "".join(lines), text,
                          flags=re.S).encode()
        new.writestr(item, data)
`;
    tool('python3', ['-c', script, template, file], JSON.stringify(rows));
    return file;
}

/** Forty households of a tea village with their plots. */
export function households(count = 40) {
    const families = ['Lò', 'Lường', 'Tòng', 'Quàng', 'Cà', 'Hoàng', 'Vàng', 'Lý'];
    const names = ['Hặc', 'Phương', 'Biên', 'Ngoan', 'Thoan', 'Yêu', 'Inh', 'Pâng', 'Dung', 'Xuân'];
    return Array.from({length: count}, (_, i) => [
        `${families[i % 8]} ${i % 2 ? 'Thị' : 'Văn'} ${names[Math.floor(i / 4)]}`, '',
        i % 3 ? 'Nương trên' : 'Nương gần suối', `0,${21 + i}`, '03424', '']);
}

/** The document of an address as it travels with `coding` ("br", "gzip"): {status, bytes, text, scripts}. */
export async function weighPage(url, coding) {
    const headers = {Accept: 'text/html', 'Accept-Encoding': coding, 'User-Agent': 'Mozilla/5.0'};
    const {status, body} = await new Promise((resolve, reject) => {
        http.get(url, {headers}, response => {
            const parts = [];
            response.on('data', part => parts.push(part)).on('error', reject);
            response.on('end', () => resolve({status: response.statusCode, body: Buffer.concat(parts)}));
        }).on('error', reject);
    });
    const text = (coding === 'br' ? zlib.brotliDecompressSync(body) : zlib.gunzipSync(body)).toString('utf8');
    const scripts = (text.match(/<script(?! type="application\/ld\+json")/gi) ?? []).length;
    return {status, bytes: body.length, text, scripts};
}

/** What has the focus: its name or text, whether its ring is to be seen and whether it lies inside the window. */
export const focused = page => page.evaluate(() => {
    const one = document.activeElement;
    if (one === document.body) return null;
    const style = getComputedStyle(one);
    const ring = [one, one.closest('label')].filter(Boolean).some(part => {
        const look = getComputedStyle(part);
        return look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2;
    });
    const box = one.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return {
        what: one.name || one.textContent.trim().slice(0, 60),
        tag: one.tagName,
        ring,
        shown: style.visibility !== 'hidden' && box.bottom > 0 && box.top < innerHeight,
        covered: !!top && !one.contains(top) && !top.contains(one) && !one.closest('label')?.contains(top),
    };
});

/** Presses Tab through the page; every stop must show its ring. Returns the names in order. */
export async function tabThrough(page) {
    const stops = [];
    for (let i = 0; i < 120; i++) {
        await page.keyboard.press('Tab');
        const stop = await focused(page);
        if (!stop) break;
        assert.ok(stop.ring, `no ring on ${stop.tag} ${stop.what} at ${page.url()}`);
        assert.ok(stop.shown, `${stop.tag} ${stop.what} has the focus outside the window`);
        assert.ok(!stop.covered, `${stop.tag} ${stop.what} is covered while it has the focus`);
        stops.push(stop.what);
    }
    return stops;
}
