// From a firm's records to receipts of the practice portal, over mutual TLS, with the portal away in between.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import {after, before, test} from 'node:test';

import {administrator, checkPage, openBrowser, startNguon, until} from './harness.mjs';
import {Person, packShot, signIn, signUp} from './steps.mjs';

let nguon;
let browser;
let owner;
let officer;
let photo;
const made = {};

before(async () => {
    nguon = await startNguon({seed: false});
    browser = await openBrowser();
    owner = new Person(await browser.page());
    officer = new Person(await browser.page());
    photo = await packShot(browser);
}, {timeout: 120_000});

after(async () => {
    await browser?.close();
    await nguon?.stop();
    if (photo) fs.rmSync(photo);
});

/** Text of a page of the province, read anew. */
async function province(address) {
    const answer = await officer.page.goto(nguon.http + address);
    assert.equal(answer.status(), 200, address);
    return officer.page.textContent('main');
}

/** How many records of our firm are "delivered" (receipt stored), "pending" or "held", as the sync page says. */
async function counts() {
    await province('/province/sync');
    const of = async state => {
        const cell = officer.page.locator(`table.fold tbody tr:has-text("Nậm Sỏ") a[href*="state=${state}"]`);
        return await cell.count() ? Number((await cell.first().textContent()).replace(/\D/g, '')) : 0;
    };
    return {held: await of('held'), pending: await of('pending'), delivered: await of('delivered')};
}

test('before approval everything is held, and both sides say why', async () => {
    await signUp(owner, nguon.http);
    await owner.type('name', 'Chè xanh Nậm Sỏ');
    await owner.tap('group_code', 'tea');
    await owner.attach('photo', photo);
    await owner.type('net_weight', '200');
    await owner.choose('weight_unit', 'g');
    await owner.page.click('summary:has-text("Có mã vạch rồi?")');
    await owner.type('gtin', '8939999000017');
    await owner.send();
    made.product = new URL(owner.page.url()).searchParams.get('product');
    await owner.send();
    made.batch = new URL(owner.page.url()).pathname.split('/')[3];
    await owner.page.goto(`${nguon.http}/console/batches/${made.batch}/events/new?step=tea.harvest`);
    await owner.type('quantity', '318,5');
    await owner.send();

    await owner.page.goto(`${nguon.http}/console/batches/${made.batch}`);
    assert.match(await owner.page.textContent('main'), /đang giữ lại/);
    await signIn(officer.page, nguon.http, administrator);
    const first = await counts();
    assert.ok(first.held >= 3, JSON.stringify(first));
    assert.equal(first.delivered, 0);
});

test('the officer approves the firm and its product', async () => {
    assert.match(await province('/province/approvals'), /Nậm Sỏ/);
    await officer.page.click('main a:has-text("Hợp tác xã Chè Nậm Sỏ") >> nth=0');
    await officer.page.waitForURL(/\/province\/organizations\//);
    await officer.send('button[value=approve]');
    await province('/province/approvals?kind=product');
    await officer.page.click('main a:has-text("Chè xanh Nậm Sỏ") >> nth=0');
    await officer.page.waitForURL(/\/province\/products\//);
    await officer.send('button[value=publish]');
    await owner.page.goto(nguon.http + '/console');
    assert.match(await owner.page.textContent('main'), /đã được phê duyệt/);
});

test('the records arrive at the portal, receipts stand on both desks', async () => {
    const done = await until('all records to be delivered', async () => {
        const now = await counts();
        return now.delivered >= 3 && now.pending === 0 && now.held === 0 && now;
    }, 60);
    assert.ok(done.delivered >= 3, JSON.stringify(done));
    assert.match(await province('/province/sync'), /Đang đồng bộ bình thường/);
    await checkPage(officer.page, 'portal-sync', {guide: true});

    await officer.page.click('summary:has-text("Chi tiết kỹ thuật")');
    await officer.page.click('table.fold tbody a[href*="state=delivered"]');
    await checkPage(officer.page, 'portal-sync-records');
    await officer.page.click('main a[href^="/province/sync/records/"] >> nth=0');
    assert.match(await officer.page.textContent('main'), /Biên nhận/);
    assert.equal(await officer.page.locator('.chip.good').count() > 0, true);
    await checkPage(officer.page, 'portal-sync-record');

    await owner.page.goto(`${nguon.http}/console/batches/${made.batch}`);
    assert.match(await owner.page.textContent('main'), /có biên nhận|Biên nhận số/i);
    await checkPage(owner.page, 'portal-batch');
});

test('the public page no longer says that approval is awaited', async () => {
    await owner.page.goto(`${nguon.http}/01/08939999000017`);
    assert.doesNotMatch(await owner.page.textContent('main'), /chờ Sở phê duyệt/);
});

test('what is recorded while the portal is away arrives once it is back, each record once', async () => {
    const before = await counts();
    await nguon.stopPortal();
    for (const amount of ['21,5', '33', '47,2']) {
        await owner.page.goto(`${nguon.http}/console/batches/${made.batch}/events/new?step=tea.harvest`);
        await owner.type('quantity', amount);
        await owner.send();
    }
    const away = await counts();
    assert.equal(away.delivered, before.delivered);
    await checkPage(officer.page, 'portal-away');
    await nguon.startPortal();
    const wanted = before.delivered + 3;
    await until('the three steps to be delivered', async () => (await counts()).delivered === wanted, 120);
});

test('a kill of the server loses nothing', async () => {
    const before = await counts();
    process.kill(nguon.serverPid(), 'SIGKILL');
    await nguon.stopServer();
    await nguon.startServer();
    assert.equal((await counts()).delivered, before.delivered);
});
