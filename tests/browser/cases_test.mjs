// A buyer reports, the firm explains, the officer answers, the buyer reads it; an inspector scans, inspects without a
// network and signs the record; somebody asks about personal data.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';

import {checkPage, openBrowser, startNguon, takeProblems, tool} from './harness.mjs';
import {Person, signIn} from './steps.mjs';

let nguon;
let browser;
const people = {};
const made = {};

async function person(login) {
    const who = new Person(await browser.page());
    await signIn(who.page, nguon.http, nguon.signIns[login]);
    return who;
}

before(async () => {
    nguon = await startNguon();
    browser = await openBrowser();
    people.officer = await person('so.khcn1');
    people.owner = await person('che.banbo');
    people.inspector = await person('thanh.tra');
}, {timeout: 300_000});

after(async () => {
    await browser?.close();
    await nguon?.stop();
});

async function open(who, address, status = 200) {
    const answer = await who.page.goto(nguon.http + address);
    assert.equal(answer.status(), status, address);
    return who.page.textContent('main');
}

/** The file behind a link of the page, as bytes. */
async function download(who, link) {
    const [file] = await Promise.all([who.page.waitForEvent('download'), who.page.click(link)]);
    return fs.readFileSync(await file.path());
}

test('a buyer reports a fault from the page of the goods', async () => {
    const buyer = new Person(await browser.page());
    await buyer.page.goto(nguon.http + nguon.stories.a.path);
    await buyer.page.click('a[href^="/report"]');
    await checkPage(buyer.page, 'report-form');
    await buyer.choose('topic', 'wrong_data');
    await buyer.type('text', 'Ngày đóng gói trên hộp khác ngày trên trang.');
    await buyer.attach('photo', path.join(import.meta.dirname, '..', '..', 'deploy', 'screens', 'enterprise-labels.webp'));
    await buyer.type('phone', '0912 345 678');
    await buyer.send();
    await checkPage(buyer.page, 'report-case');
    made.code = new URL(buyer.page.url()).pathname.split('/').pop();
    assert.match(await buyer.page.textContent('main'), /Đã tiếp nhận/);
    await buyer.page.context().close();
});

test('the officer asks the firm, which explains and never learns who reported', async () => {
    const {officer, owner} = people;
    assert.match(await open(officer, '/province/complaints?status=open'), /quá hạn|còn/);
    await checkPage(officer.page, 'cases-list');
    assert.match(await open(officer, `/province/complaints/${made.code}`), /Ngày đóng gói trên hộp/);
    await officer.page.click('summary:has-text("Yêu cầu cơ sở giải trình")');
    await officer.type('question', 'Vì sao ngày đóng gói trên hộp khác trên trang?');
    await officer.send('form[action$="/question"] button');
    await checkPage(officer.page, 'cases-asked');

    assert.match(await open(owner, '/console'), /Sở đang chờ đơn vị giải trình/);
    await open(owner, '/console/complaints');
    await checkPage(owner.page, 'firm-complaints');
    const shown = await open(owner, `/console/complaints/${made.code}`);
    assert.match(shown, /Vì sao ngày đóng gói/);
    assert.doesNotMatch(shown, /0912|trên hộp khác ngày trên trang/);
    await checkPage(owner.page, 'firm-complaint');
    await owner.type('text', 'In nhầm ngày ở 20 hộp; đã thu về và dán lại.');
    await owner.send('form[action^="/console/complaints/"] button');
    assert.match(await owner.page.textContent('main'), /Cơ sở đã giải trình/);
});

test('the officer answers, the buyer and everybody read it', async () => {
    const {officer} = people;
    assert.match(await open(officer, `/province/complaints/${made.code}`), /đã thu về và dán lại/);
    await officer.choose('status', 'answered');
    await officer.choose('outcome', 'upheld');
    await officer.type('answer', 'Phản ánh đúng. Cơ sở đã dán lại ngày cho 20 hộp.');
    await officer.page.check('main [name="on_product"]');
    await officer.send();
    await checkPage(officer.page, 'cases-answered');
    const buyer = new Person(await browser.page());
    await buyer.page.goto(`${nguon.http}/case/${made.code}`);
    assert.match(await buyer.page.textContent('main'), /đã dán lại ngày cho 20 hộp/);
    await checkPage(buyer.page, 'report-answered');
    await buyer.page.goto(nguon.http + nguon.stories.a.path);
    assert.match(await buyer.page.textContent('main'), /đã dán lại ngày cho 20 hộp/);
    assert.equal(await buyer.page.locator('a[href^="/province/inspect"]').count(), 0);
    await buyer.page.context().close();
    await open(officer, '/province/complaint-figures');
    await checkPage(officer.page, 'cases-figures');
});

test('a scan opens the inspector\'s view', async () => {
    const {page} = people.inspector;
    await page.goto(nguon.http + nguon.stories.a.path);
    await page.click('a[href^="/province/inspect"]');
    assert.match(await page.textContent('main'), /Nơi cung cấp/);
    await checkPage(page, 'inspect');
    await page.click('a[href^="/province/inspections/new"]');
    await checkPage(page, 'inspection-plan');
    await people.inspector.type('basis', 'Quyết định 35/QĐ-SKHCN');
    await people.inspector.send();
    made.inspection = new URL(page.url()).pathname;
    await checkPage(page, 'inspection-form');
});

test('a draft survives a lost network and says so', async () => {
    const {page} = people.inspector;
    await page.check('main [name="r-1"][value="unmet"]');
    await page.fill('main [name="n-1"]', 'Chưa có quyết định phân công');
    await page.context().setOffline(true);
    await page.click('main button[name="next"]');
    await page.waitForSelector('#unsent:visible');
    assert.match(await page.textContent('#unsent'), /Chưa gửi, còn lưu trên máy này/);
    await page.context().setOffline(false);
    takeProblems(page);
    await page.reload();
    assert.equal(await page.inputValue('main [name="n-1"]'), 'Chưa có quyết định phân công');
    assert.ok(await page.isVisible('#unsent'));
    await checkPage(page, 'inspection-unsent');
    await page.click('main button[name="next"]');
    await page.waitForURL(/step=2/);
    await page.goto(nguon.http + made.inspection + '?step=1');
    assert.ok(await page.isChecked('main [name="r-1"][value="unmet"]'));
    assert.ok(!await page.isVisible('#unsent'));
});

test('the inspection ends with a record to be signed', async () => {
    const {inspector} = people;
    const {page} = inspector;
    for (let step = 1; ; step++) {
        await page.goto(`${nguon.http}${made.inspection}?step=${step}`);
        if (await page.locator('main [name="conclusion"]').count()) break;
        for (const field of await page.locator('main fieldset').all()) {
            if (await field.locator('input:checked').count()) continue;
            await field.locator('input[value="met"]').check();
        }
        await page.click('main button[name="next"]');
        await page.waitForURL(new RegExp(`step=${step + 1}`));
    }
    await checkPage(page, 'inspection-last');
    await inspector.type('place', 'Xưởng chè Bản Bo');
    await inspector.type('present', 'Lò Thị Phương');
    await inspector.type('finding', 'Kho gọn, tem khớp hàng.');
    await inspector.choose('conclusion', 'minor');
    await inspector.type('action-1', 'Ra quyết định phân công');
    await page.fill('main [name="due-1"]', '2027-01-15');
    await page.click('main button[name="finish"]');
    await page.waitForURL(/done=inspection_finished/);
    await checkPage(page, 'inspection-done');

    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nguon-record-'));
    const pdf = path.join(folder, 'bien-ban.pdf');
    fs.writeFileSync(pdf, await download(inspector, 'a[href$="format=pdf"]'));
    const text = tool('pdftotext', ['-layout', pdf, '-']).toString('utf8');
    for (const part of ['BIÊN BẢN', 'Lò Thị Phương', 'ĐẠI DIỆN CƠ SỞ', 'Ra quyết định phân công', '15/01/2027']) {
        assert.ok(text.includes(part), `${part} in ${text}`);
    }
    fs.rmSync(folder, {recursive: true});
});

test('the display of a product is stopped and put back', async () => {
    const {officer} = people;
    await open(officer, made.inspection);
    await officer.page.click('a[href^="/province/sanctions/new"]');
    await checkPage(officer.page, 'sanction-new');
    await officer.type('reason', 'Tem của 20 hộp sai ngày, chờ dán lại xong.');
    await officer.send();
    assert.match(await officer.page.textContent('main'), /sai ngày, chờ dán lại/);
    await checkPage(officer.page, 'sanctions');
    const buyer = await browser.page();
    await buyer.goto(nguon.http + nguon.stories.a.path);
    assert.match(await buyer.textContent('main'), /tạm dừng/);
    await checkPage(buyer, 'origin-suspended');
    await buyer.context().close();
    await officer.type('reason', 'Đã dán lại.');
    await officer.send('form[action$="/lift"] button');
    assert.match(await officer.page.textContent('main'), /Đã dán lại/);
});

test('somebody asks about personal data and the desk answers', async () => {
    const buyer = new Person(await browser.page());
    await buyer.page.goto(nguon.http + '/personal-data');
    await checkPage(buyer.page, 'personal-data');
    await buyer.choose('kind', 'access');
    await buyer.type('name', 'Lò Văn Minh Họa');
    await buyer.type('phone', '0912 000 222');
    await buyer.type('text', 'Các anh chị giữ gì về tôi?');
    await buyer.send();
    await checkPage(buyer.page, 'personal-request');
    const code = new URL(buyer.page.url()).pathname.split('/').pop();
    const {officer} = people;
    await open(officer, '/province/personal-requests');
    await checkPage(officer.page, 'personal-requests');
    await open(officer, `/province/personal-requests/${code}`);
    await checkPage(officer.page, 'personal-request-desk');
    await officer.type('answer', 'Chúng tôi chỉ giữ yêu cầu này.');
    await officer.send();
    await buyer.page.reload();
    assert.match(await buyer.page.textContent('main'), /chỉ giữ yêu cầu này/);
    await buyer.page.context().close();
});

test('the complete file of a lot is one click away', async () => {
    const {officer} = people;
    await open(officer, '/province/data-requests');
    await checkPage(officer.page, 'data-requests');
    const zip = await download(officer, 'main a[href$="/file"]');
    assert.equal(zip.subarray(0, 2).toString(), 'PK');
});

test('the other pages of cases are sound', async () => {
    const pages = {deadlines: '/province/deadlines', inspections: '/province/inspections', checklists: '/province/checklists',
        'inspection-report': '/province/inspection-report', approvals: '/province/approvals'};
    for (const [name, address] of Object.entries(pages)) {
        await open(people.officer, address);
        await checkPage(people.officer.page, `cases-${name}`);
    }
});

test('every page of the desk is three clicks away, and links need no mouse', async () => {
    const {page} = people.officer;
    const seen = new Map([['/province', 0]]);
    for (const [address, clicks] of seen) {
        if (clicks === 3) continue;
        await page.goto(nguon.http + address);
        const found = await page.$$eval('a[href^="/province"]', links => links.map(link => link.getAttribute('href')));
        for (const next of found) {
            const at = next.split('?')[0];
            const isFile = /[?&]format=/.test(next) || /\/file$|\/record$|\.csv$|\.docx$|\.xlsx$|\/proof$/.test(at);
            if (!isFile && !/\/[0-9a-f-]{36}|\/[0-9A-Z]{12}|records/.test(at) && !seen.has(at)) {
                seen.set(at, clicks + 1);
            }
        }
    }
    for (const address of ['/province/approvals', '/province/complaints', '/province/complaint-figures',
        '/province/inspections', '/province/inspection-report', '/province/checklists', '/province/sanctions',
        '/province/personal-requests', '/province/data-requests', '/province/deadlines', '/province/certificates']) {
        assert.ok(seen.has(address), `${address} within three clicks: ${[...seen.keys()]}`);
    }
    await page.goto(nguon.http + '/province/inspections');
    await page.keyboard.press('Tab');
    assert.match(await page.evaluate(() => document.activeElement.textContent), /Đến nội dung chính/);
    takeProblems(page);
});
