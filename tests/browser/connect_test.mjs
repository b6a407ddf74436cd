// An administrator connects the practice portal in the browser, from nothing to the first receipts, changes its
// certificate and pins its keys with a second administrator.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';

import {administrator, checkPage, openBrowser, root, run, startNguon, tool, until} from './harness.mjs';
import {Person, download, packShot, signIn, signUp} from './steps.mjs';

const name = 'quoc-gia';
const second = {login: 'pho.quan.tri', password: 'Nguon-Pho-Quan-Tri-2026!'};

let nguon;
let browser;
let owner;
let officer;
let photo;
let here;

before(async () => {
    nguon = await startNguon({seed: false, target: false});
    browser = await openBrowser();
    owner = new Person(await browser.page());
    // The whole path works without scripts; what a page looks like is checked with them.
    officer = new Person(await browser.page({width: 1280, javaScript: false}));
    photo = await packShot(browser);
    here = `${nguon.http}/province/sync/connect/${name}`;
}, {timeout: 120_000});

after(async () => {
    await browser?.close();
    await nguon?.stop();
    if (photo) fs.rmSync(photo);
});

/** The present page in a browser with scripts: pictures, accessibility, no sideways scrolling. */
async function look(title) {
    const page = await browser.page({width: 1280});
    await page.context().addCookies(await officer.page.context().cookies());
    await page.goto(officer.page.url());
    await checkPage(page, `connect-${title}`);
    await page.context().close();
}

const form = act => officer.page.locator(`main form:has(input[name=act][value="${act}"])`).first();

/** What was done before, or nobody is about to do, lies folded. */
async function unfold(button) {
    if (!await button.isVisible()) await button.locator('xpath=ancestor::details[last()]/summary').click();
}

/** Fills in and sends the form of an act; files by field. */
async function act(word, fields = {}, files = {}) {
    const one = form(word);
    await unfold(one.locator('button'));
    for (const [field, value] of Object.entries(fields)) await one.locator(`[name="${field}"]`).fill(value);
    for (const [field, file] of Object.entries(files)) await one.locator(`[name="${field}"]`).setInputFiles(file);
    const next = officer.page.waitForEvent('domcontentloaded');
    await one.locator('button').click();
    await next;
}

const text = () => officer.page.textContent('main');

/** Asks the connector to try something and waits for what it says; the page looks again by itself. */
async function tryOut(kind, expected) {
    const button = officer.page.locator(`main form:has(input[name=kind][value="${kind}"]) button`).first();
    await unfold(button);
    const next = officer.page.waitForEvent('domcontentloaded');
    await button.click();
    await next;
    await until(`the check ${kind}`, async () => expected.test(await text().catch(() => '')), 30);
}

/** What the portal's authority makes of our request, valid since yesterday. */
function certify(request, days, file) {
    tool(path.join(root, 'certs', 'certify.sh'), [nguon.certs, request, file, `${days}`]);
    return file;
}

test('a firm has records before any portal is connected', async () => {
    await signUp(owner, nguon.http);
    await owner.type('name', 'Chè xanh Nậm Sỏ');
    await owner.tap('group_code', 'tea');
    await owner.attach('photo', photo);
    await owner.type('net_weight', '200');
    await owner.choose('weight_unit', 'g');
    await owner.page.click('summary:has-text("Có mã vạch rồi?")');
    await owner.type('gtin', '8939999000017');
    await owner.send();
    await owner.send();
    await signIn(officer.page, nguon.http, administrator);
    await officer.page.goto(nguon.http + '/province/approvals');
    await officer.page.click('main a:has-text("Hợp tác xã Chè Nậm Sỏ") >> nth=0');
    await officer.send('button[value=approve]');
});

test('the way begins at the page of synchronisation', async () => {
    await officer.page.goto(nguon.http + '/province/sync');
    await officer.page.click('main a[href="/province/sync/connect"]');
    await look('list');
    await act('create', {target: name, url: nguon.portal});
    assert.equal(officer.page.url(), here);
    assert.match(await text(), /Chưa kết nối/);
    await look('declaration');
    await act('declare', {number: '12/CBHC-SKHCN', date: '2026-11-01', standard: 'TCVN 12850:2019'});
});

test('portal, key and certificate', async () => {
    const certs = file => path.join(nguon.certs, file);
    await look('settings');
    await act('settings', {password: 'sai'}, {receipt_key: certs('receipt.pub'), authority: certs('ca.pem')});
    assert.match(await text(), /mật khẩu/i);
    await act('settings', {password: administrator.password},
        {receipt_key: certs('receipt.pub'), authority: certs('ca.pem')});
    await look('key');
    await act('key');
    await look('chain');
    const request = await download(officer.page, 'main a[href$="/csr"]', path.join(nguon.data, 'nguon.csr'));
    const verified = tool('openssl', ['req', '-in', request, '-noout', '-verify', '-subject', '-nameopt', 'utf8']);
    assert.match(verified.toString(), /Lai Châu/);
    await act('chain', {}, {file: certs('connector.pem')});
    assert.match(await text(), /không phải của khóa đã tạo ở đây/);
    await look('chain-refused');
    await act('chain', {}, {file: certify(request, 40, path.join(nguon.data, 'issued.pem'))});
    assert.match(await text(), /Chứng thư dùng được/);
});

test('handshake, sign-in and dry run send nothing', async () => {
    await look('handshake');
    await nguon.stopPortal();
    await tryOut('handshake', /Không nối được tới cổng/);
    await look('handshake-refused');
    await nguon.startPortal();
    await until('the portal', async () => {
        await tryOut('handshake', /Thử lúc/);
        return /Bắt tay được/.test(await text());
    });
    await look('sign-in');
    await tryOut('sign_in', /Đăng nhập được/);
    await tryOut('catalogues', /Đã tải danh mục của cổng/);
    await look('catalogues');
    await tryOut('dry_run', /Đã chạy thử/);
    await officer.page.locator('details summary:has-text("Đơn vị")').first().click();
    assert.match(await text(), /POST \/gwdev\/tochuc/);
    assert.match(await text(), /Chờ Sở phê duyệt sản phẩm/);
    await look('dry-run');
    assert.equal(fs.readFileSync(path.join(nguon.data, 'portal', 'ledger.jsonl'), 'utf8').trim(), '', 'nothing was sent');
});

test('a kill between the steps loses nothing', async () => {
    process.kill(nguon.serverPid(), 'SIGKILL');
    await nguon.stopServer();
    await nguon.startServer();
    await officer.page.goto(here);
    assert.match(await text(), /Đã chạy thử/);
    await act('review');
    await look('live');
});

test('records arrive once it is live', async () => {
    await act('live', {password: administrator.password});
    assert.match(await text(), /Đã kết nối/);
    await until('the first receipt', async () => {
        await officer.page.goto(nguon.http + '/province/sync');
        return /có biên nhận/.test(await text()) && /Đang đồng bộ bình thường/.test(await text());
    }, 60);
    await look('sync');
});

test('the certificate is changed while records go', async () => {
    await officer.page.goto(here);
    await look('connected');
    await act('key');
    const request = await download(officer.page, 'main a[href$="slot=next"]', path.join(nguon.data, 'next.csr'));
    await act('chain', {}, {file: certify(request, 80, path.join(nguon.data, 'next.pem'))});
    await tryOut('handshake_next', /Bắt tay được bằng chứng thư mới/);
    await look('rotation');
    await act('switch', {password: administrator.password});
    assert.match(await text(), /Chứng thư cũ giữ đến/);
    await officer.page.goto(nguon.http + '/province/sync');
    await until('the new certificate to be in use', async () => {
        await officer.page.reload();
        return /còn (79|80) ngày/.test(await text());
    });
    await until('work to go on', async () => {
        await officer.page.reload();
        return /Đang đồng bộ bình thường/.test(await text());
    });
});

test('pins take two persons', async () => {
    await officer.page.goto(here);
    const seen = await form('propose_pins').locator('textarea').inputValue();
    await act('propose_pins', {pins: `${seen}\n${'b'.repeat(64)}`, reason: 'Cổng công bố khóa', password: administrator.password});
    assert.match(await text(), /Người thứ hai phải xác nhận/);
    assert.equal(await form('confirm_pins').count(), 0);
    run(['user', 'add', '--data', nguon.data, '--role', 'province-operator', '--login', second.login, '--name', 'Phó quản trị'],
        second.password + '\n');
    officer = new Person(await browser.page({width: 1280, javaScript: false}));
    await signIn(officer.page, nguon.http, second);
    await officer.page.goto(here);
    await look('pins');
    await act('confirm_pins', {password: second.password});
    assert.match(await text(), /Khóa đã ghim/);
    await tryOut('handshake', /Bắt tay được/);
});

test('stopping needs a reason, and resuming goes on', async () => {
    await act('stop', {reason: 'Cổng bảo trì', password: second.password});
    assert.match(await text(), /Đã dừng gửi. Lý do: Cổng bảo trì/);
    await look('stopped');
    await tryOut('sign_in', /Đăng nhập được/);
    await act('resume', {reason: 'Đã xong', password: second.password});
    assert.match(await text(), /Đã kết nối/);
});
