// The province's desk with the illustrative data: approving, returning with a reason, synchronisation, audit, roles.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';

import {checkPage, openBrowser, startNguon, takeProblems} from './harness.mjs';
import {Person, signIn} from './steps.mjs';

let nguon;
let browser;
let officer;
const made = {};

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

async function open(address, status = 200) {
    const answer = await officer.page.goto(nguon.http + address);
    assert.equal(answer.status(), status, address);
    return officer.page.textContent('main');
}

const firstWaiting = 'main a[href^="/province/organizations/"]';

test('signing in leads to the overview', async () => {
    assert.equal(new URL(officer.page.url()).pathname, '/province');
    await checkPage(officer.page, 'province-home');
    assert.match(await open('/province?query=ban%20bo'), /Bản Bo/);
    await checkPage(officer.page, 'province-search');
});

test('a firm is returned with a reason; without one the page asks for it', async () => {
    await open('/province/approvals');
    await checkPage(officer.page, 'province-approvals');
    await officer.page.click(firstWaiting);
    await officer.page.waitForURL(/\/province\/organizations\/[^/]+$/);
    await checkPage(officer.page, 'province-approve', {guide: true});
    const address = officer.page.url();

    await officer.page.click('summary:has-text("Trả lại")');
    await officer.send('button[value=return]');
    takeProblems(officer.page);
    assert.match(await officer.page.textContent('.fault'), /\S/);
    await checkPage(officer.page, 'province-return-fault');
    await officer.page.fill('details[open] textarea[name=reason]', 'Địa chỉ thiếu tên bản. Bổ sung rồi gửi lại.');
    await officer.send('button[value=return]');
    await officer.page.goto(address);
    assert.match(await officer.page.textContent('main'), /Địa chỉ thiếu tên bản/);
});

test('a firm and a product are approved', async () => {
    await open('/province/approvals?kind=organization');
    const link = officer.page.locator(firstWaiting).first();
    const name = (await link.locator('strong').textContent()).trim();
    await link.click();
    await officer.page.waitForURL(/\/province\/organizations\/[^/]+$/);
    await officer.send('button[value=approve]');
    made.approved = name;

    await open('/province/approvals?kind=product');
    await officer.page.click('main a[href^="/province/products/"]');
    await officer.page.waitForURL(/\/province\/products\/[^/]+$/);
    await checkPage(officer.page, 'province-product');
    await officer.send('button[value=publish]');
});

test('the synchronisation shows one line of state, counts and receipts', async () => {
    const shown = await open('/province/sync');
    assert.match(shown, /đồng bộ|Đang chờ|Đã dừng/i);
    await checkPage(officer.page, 'province-sync');
    for (const state of ['pending', 'held', 'delivered', 'refused']) {
        await open(`/province/sync/records?state=${state}`);
        await checkPage(officer.page, `province-sync-${state}`);
    }
    await open(`/province/sync/where?code=${encodeURIComponent(nguon.stories.a.path)}`);
    await checkPage(officer.page, 'province-where');
});

test('the page of synchronisation keeps itself up to date, and is whole without scripts', async () => {
    await open('/province/sync');
    const page = officer.page;
    await page.waitForFunction(() => /\d\d:\d\d:\d\d/.test(document.querySelector('[data-live="at"]').textContent));
    const other = new Person(await browser.page({javaScript: false}));
    await signIn(other.page, nguon.http, nguon.signIns['so.khcn2']);
    const turn = async summary => {
        await other.page.goto(nguon.http + '/province/sync');
        assert.equal(await other.page.isVisible('[data-live="at"]'), false);
        await other.page.click(`summary:has-text("${summary}")`);
        await other.page.fill('details[open] input[name=reason]', 'Cổng bảo trì');
        await other.send('details[open] button[name=pause]');
    };
    await turn('Tạm dừng');
    await page.waitForFunction(() => document.querySelector('.verdict').classList.contains('info'));
    assert.match(await page.textContent('.verdict'), /Tạm dừng/);
    await checkPage(page, 'province-sync-live');
    await page.goto(nguon.http + '/province/sync?lang=en');
    await page.waitForFunction(() => /\d\d:\d\d:\d\d/.test(document.querySelector('[data-live="at"]').textContent));
    assert.doesNotMatch(await page.textContent('.verdict'), /Tạm dừng/);
    await open('/province/sync');
    await turn('Tiếp tục');
    await page.waitForFunction(() => !document.querySelector('.verdict').classList.contains('info'));
    await other.page.context().close();
});

test('all other pages of the desk are sound', async () => {
    const pages = {
        organizations: '/province/organizations',
        alarms: '/province/alarms',
        complaints: '/province/complaints',
        certificates: '/province/certificates',
        slips: '/province/slips',
    };
    for (const [name, address] of Object.entries(pages)) {
        await open(address);
        await checkPage(officer.page, `province-${name}`);
    }
    await open('/province/complaints');
    await officer.page.click('main a[href^="/province/complaints/"]');
    await checkPage(officer.page, 'province-complaint');
});

test('the audit shows every decision, to auditors', async () => {
    const page = await browser.page();
    await signIn(page, nguon.http, nguon.signIns['kiem.toan']);
    await page.goto(nguon.http + '/province/audit');
    assert.match(await page.textContent('main'), new RegExp(made.approved));
    await checkPage(page, 'province-audit');
    await page.context().close();
    await open('/province/audit', 403);
    takeProblems(officer.page);
});

test('an invitation slip is shown once and opens the sign-up', async () => {
    await open('/province/slips');
    await officer.send('form:has([value=firm]) button');
    const code = (await officer.page.textContent('.slip > .code')).trim();
    assert.match(code, /^[0-9A-Z]{4}[- ][0-9A-Z]{4}[- ][0-9A-Z]{4}$/);
    await checkPage(officer.page, 'province-slip');
    const stranger = await browser.page();
    await stranger.goto(nguon.http + '/console/slip');
    await checkPage(stranger, 'slip-code');
    await stranger.fill('[name=code]', code);
    await stranger.click('main form button');
    assert.match(stranger.url(), /sign-up/);
    await stranger.context().close();
});

test('the menu says where one is, on a phone without scrolling sideways', async () => {
    const page = await browser.page();
    await signIn(page, nguon.http, nguon.signIns['so.khcn1']);
    await page.goto(nguon.http + '/province/slips');
    assert.match(await page.textContent('.who'), /Nguyễn Thị Thảo/);
    assert.match(await page.innerText('.menu summary'), /Các mục: Phiếu mời/);
    assert.equal(await page.isVisible('.menu [aria-current]'), false);
    await page.click('.menu summary');
    const box = await page.locator('.menu [aria-current]').boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 360, JSON.stringify(box));
    await checkPage(page, 'province-menu');
    await page.click('.menu a[href="/province/sync"]');
    assert.match(await page.innerText('.menu summary'), /Đồng bộ/);
    await page.setViewportSize({width: 1280, height: 800});
    assert.equal(await page.isVisible('.menu [aria-current]'), true);
    assert.equal(await page.isVisible('.menu summary'), false);
    await page.context().close();
});

test('every role sees its own desk, and no page of it fails', async () => {
    for (const {login, role, password} of Object.values(nguon.signIns)) {
        const page = await browser.page();
        await signIn(page, nguon.http, {login, password});
        const links = await page.locator('nav.menu a').evaluateAll(all => all.map(one => one.getAttribute('href')));
        assert.ok(links.length > 1, `${role}: ${links}`);
        for (const link of links) {
            const answer = await page.goto(nguon.http + link);
            assert.equal(answer.status(), 200, `${role}: ${link}`);
            assert.deepEqual(takeProblems(page), [], `${role}: ${link}`);
        }
        await page.context().close();
    }
});

test('a commune officer sees the own commune only', async () => {
    const page = await browser.page();
    await signIn(page, nguon.http, nguon.signIns['xa.banbo']);
    await page.goto(nguon.http + '/province/organizations');
    const communes = await page.locator('table.fold tbody td:nth-child(2)').allTextContents();
    assert.ok(communes.length > 0);
    assert.deepEqual([...new Set(communes.map(one => one.trim()))], ['xã Bản Bo']);
    await checkPage(page, 'province-commune');
    await page.context().close();
});
