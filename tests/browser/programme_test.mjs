// The programme: dashboard, a number's evidence, recording, withdrawing, needs and the report as it is downloaded.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import {after, before, test} from 'node:test';

import {checkPage, openBrowser, startNguon} from './harness.mjs';
import {Person, signIn} from './steps.mjs';

let nguon;
let browser;
let officer;

before(async () => {
    nguon = await startNguon();
    browser = await openBrowser();
    officer = new Person(await browser.page());
    await signIn(officer.page, nguon.http, nguon.signIns['so.khcn1']);
}, {timeout: 300_000});

after(async () => {
    await browser?.close();
    await nguon?.stop();
});

async function open(address) {
    const answer = await officer.page.goto(nguon.http + address);
    assert.equal(answer.status(), 200, address);
    return officer.page.textContent('main');
}

test('the dashboard shows plan, result and days to the report', async () => {
    const shown = await open('/province/programme');
    assert.match(shown, /3319\/KH-UBND/);
    assert.match(shown, /còn \d+ ngày tới hạn báo cáo 30\/11/);
    await checkPage(officer.page, 'programme');
});

test('a number opens its evidence, the evidence its record and file', async () => {
    await open('/province/programme/lai_chau?from=2021-01-01&to=2025-12-31');
    await checkPage(officer.page, 'programme-period');
    await officer.page.click('a:has-text("Doanh nghiệp được chứng nhận")');
    await officer.page.waitForURL(/indicators\/certified/);
    await checkPage(officer.page, 'programme-indicator');
    await officer.page.click('td a[href*="/records/"]');
    await officer.page.waitForURL(/\/records\//);
    await checkPage(officer.page, 'programme-record');
    await open('/province/programme/lai_chau/indicators/tfp?from=2021-01-01&to=2025-12-31');
    await checkPage(officer.page, 'programme-tfp');
});

test('evidence is recorded by hand', async () => {
    await open('/province/programme/lai_chau/records/new?kind=training');
    await checkPage(officer.page, 'programme-record-form');
    await officer.page.fill('input[name=title]', 'Lớp tập huấn thử');
    await officer.page.fill('input[name=happened_on]', '2026-11-02');
    await officer.send('main form button');
    assert.match(await officer.page.textContent('main'), /Lớp tập huấn thử/);
});

test('needs are shown and one is selected', async () => {
    await open('/province/programme/lai_chau/needs?year=2027');
    await checkPage(officer.page, 'programme-needs');
    await officer.send('button[value=selected]');
    assert.match(await officer.page.textContent('main'), /Được chọn/);
});

test('the report downloads as Word, Excel and PDF', async () => {
    await open('/province/programme/lai_chau?from=2021-01-01&to=2025-12-31');
    for (const [text, begins] of [['Báo cáo Word', 'PK'], ['Phụ lục Excel', 'PK'], ['Báo cáo PDF', '%PDF']]) {
        const waiting = officer.page.waitForEvent('download');
        await officer.page.click(`a:has-text("${text}")`);
        const file = await (await waiting).path();
        assert.equal(fs.readFileSync(file).subarray(0, begins.length).toString(), begins, text);
    }
});

test('a firm registers what it needs', async () => {
    const firm = new Person(await browser.page());
    await signIn(firm.page, nguon.http, nguon.signIns['che.banbo']);
    await firm.page.goto(nguon.http + '/console/needs');
    await checkPage(firm.page, 'console-needs');
    await firm.page.selectOption('select[name=item]', '5s');
    await firm.page.fill('input[name=detail]', '5S cho xưởng chè');
    await firm.page.fill('input[name=estimate]', '45000000');
    await firm.send('main form button.wide');
    assert.match(await firm.page.textContent('main'), /5S cho xưởng chè/);
});
