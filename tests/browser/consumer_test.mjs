// A buyer with a phone: the printed code, a code typed or photographed, and a report of what is wrong.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';

import {checkPage, openBrowser, run, startNguon, takeProblems, until} from './harness.mjs';
import {Person, signIn, weighPage} from './steps.mjs';

let nguon;
let browser;
let page;

before(async () => {
    nguon = await startNguon();
    browser = await openBrowser();
    page = await browser.page();
}, {timeout: 300_000});

after(async () => {
    await browser?.close();
    await nguon?.stop();
});

const story = letter => nguon.stories[letter];

async function open(address, status = 200) {
    const answer = await page.goto(nguon.http + address);
    assert.equal(answer.status(), status, address);
    if (status >= 400) takeProblems(page); // Chromium reports the status itself
    return page.textContent('main');
}

test('the origin page says first what the code is worth, then everything else', async () => {
    const shown = await open(story('a').path);
    assert.match(shown, /Chè ô long Bản Bo/);
    const first = await page.locator('main > *').evaluateAll(all =>
        all.findIndex(one => one.classList.contains('verdict')) < all.findIndex(one => one.tagName === 'H1'));
    assert.equal(first, true);
    for (const part of ['Ai xác nhận điều này?', 'Hành trình của lô hàng', 'Giấy chứng nhận', '/9 mục', 'Mã số thuế']) {
        assert.ok(shown.includes(part), part);
    }
    await checkPage(page, 'consumer-origin', {guide: true});
});

test('the origin page in English says the same', async () => {
    const shown = await open(story('a').path + '?lang=en');
    assert.match(shown, /Who confirms this\?/);
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    await checkPage(page, 'consumer-origin-en');
    await page.click('.top a.lang');
    assert.equal(await page.getAttribute('html', 'lang'), 'vi');
});

test('an origin page takes at most 14 KB and no script', async () => {
    for (const letter of Object.keys(nguon.stories)) {
        for (const coding of ['br', 'gzip']) {
            const {status, bytes, scripts} = await weighPage(nguon.http + story(letter).path, coding);
            assert.equal(status, 200);
            assert.equal(scripts, 0);
            assert.ok(bytes <= 14 * 1024, `${letter}: ${bytes} bytes with ${coding}`);
        }
    }
});

test('the page is whole without JavaScript', async () => {
    const plain = await browser.page({javaScript: false});
    await plain.goto(nguon.http + story('a').path);
    assert.match(await plain.textContent('main'), /Hành trình của lô hàng/);
    await checkPage(plain, 'consumer-origin-without-script');
    await plain.click('main a[href^="/report"]');
    assert.match(await plain.textContent('h1'), /Báo thông tin sai/);
    await plain.context().close();
});

test('a product code asks for the lot that is printed on the pack', async () => {
    const [product, lot] = story('a').path.split('/10/');
    await open(product);
    await checkPage(page, 'consumer-ask-lot');
    await page.fill('#lot', decodeURIComponent(lot));
    await page.click('main form button');
    assert.match(await page.textContent('main'), /Hành trình của lô hàng/);
});

test('a pack tells whether it was scanned before', async () => {
    const shown = await open(`/t/${story('e').unit}`);
    assert.match(shown, /đã được quét trước đây/);
    assert.match(shown, /Đã quét 48 lần/);
    await checkPage(page, 'consumer-unit-copied');
});

test('the first scan of a new pack is called first, the second is not', async () => {
    const owner = new Person(await browser.page());
    await signIn(owner.page, nguon.http, nguon.signIns['che.banbo']);
    await owner.page.goto(nguon.http + '/console/batches');
    // Fresh leaf is past its day tomorrow; made tea keeps for years.
    await owner.page.locator('table.fold tbody tr', {hasNotText: 'búp tươi'}).first().locator('a').click();
    await owner.page.goto(owner.page.url() + '/labels');
    await owner.tap('stock', 'a4-24');
    await owner.tap('kind', 'unit');
    await owner.type('count', '1');
    await owner.send();
    const code = await owner.page.getAttribute('main a[href^="/t/"]', 'href');
    await owner.page.click('main a[href^="/console/units?"]');
    await owner.send(); // the label is on its pack
    await owner.page.goto(nguon.http + code); // a member's own look is no scan

    assert.match(await open(code), /quét lần đầu/);
    await until('the scan to be counted', async () => /đã được quét trước đây/.test(await open(code)));
    await owner.page.context().close();
});

test('unknown, recalled and incomplete codes are answered honestly', async () => {
    assert.match(await open('/01/08939999000017/10/KHONGCO', 404), /Không có lô hàng này/);
    await checkPage(page, 'consumer-unknown-lot');
    assert.match(await open('/01/04006381333931', 404), /không có trong hệ thống của tỉnh/);
    await checkPage(page, 'consumer-unknown');
    assert.match(await open('/01/08939999000018', 400), /số cuối phải là 7/);
    await checkPage(page, 'consumer-wrong-digit');
    const recalled = await open(story('c').path);
    for (const part of [/THU HỒI/, /Bên quyết định\s*Sở Khoa học và Công nghệ tỉnh Lai Châu/, /Ngày quyết định\s*\d\d\//,
        /Cần làm gì\? Ngừng dùng/]) {
        assert.match(recalled, part);
    }
    await checkPage(page, 'consumer-recalled');
    assert.match(await open(story('d').path), /Chỉ có thông tin sản phẩm/);
    await checkPage(page, 'consumer-incomplete');
    assert.match(await open(story('f').path), /Quá hạn sử dụng\s*Hạn sử dụng đến \d\d\/\d\d\/\d{4}/);
    await checkPage(page, 'consumer-expired');
    assert.match(await open('/t/7K3M9QWX2B4C', 400), /Không có mã nào viết như thế này/);
    await checkPage(page, 'consumer-faulty-code');
});

test('a typed code leads to its page, a mistyped one is told', async () => {
    await open('/');
    await checkPage(page, 'consumer-check');
    await page.fill('[name=code]', '8939999000017');
    await page.click('main form button >> nth=0');
    assert.match(new URL(page.url()).pathname, /^\/01\//);

    await open('/check');
    await page.fill('[name=code]', '8939999000018');
    await page.click('main form button >> nth=0');
    assert.equal(await page.inputValue('[name=code]'), '8939999000018');
    assert.match(await page.textContent('main'), /số cuối phải là 7/);
    await checkPage(page, 'consumer-check-fault');
});

test('a photograph of a label leads to its page, one without a code says so', async () => {
    const picture = path.join(nguon.data, 'label.png');
    run(['encode', '--symbology', 'qr', '--data', nguon.http + story('b').path, '--format', 'png', '-o', picture]);
    await open('/check');
    await page.setInputFiles('[name=photo]', picture);
    await page.click('form:has([name=photo]) button');
    assert.equal(new URL(page.url()).pathname, story('b').path);

    const blank = path.join(nguon.data, 'blank.png');
    const empty = await browser.page();
    await empty.setContent('<h1>Không có gì ở đây</h1>');
    await empty.screenshot({path: blank});
    await empty.context().close();
    await open('/check');
    await page.setInputFiles('[name=photo]', blank);
    await page.click('form:has([name=photo]) button');
    assert.match(await page.textContent('#f-photo-error'), /\S/);
    await checkPage(page, 'consumer-photo-fault');
    fs.writeFileSync(blank, 'no picture at all');
    await open('/check');
    await page.setInputFiles('[name=photo]', blank);
    await page.click('form:has([name=photo]) button');
    assert.match(await page.textContent('#f-photo-error'), /\S/);
    takeProblems(page);
});

test('who reports wrong data gets a code and sees the state of the case', async () => {
    await open(story('b').path);
    await page.click('main a[href^="/report"]');
    await checkPage(page, 'consumer-report');
    await page.selectOption('[name=topic]', 'wrong_data');
    await page.fill('[name=text]', 'Ngày xay trên bao khác với ngày ở trang này.');
    await page.click('main form button');
    assert.match(new URL(page.url()).pathname, /^\/case\//);
    assert.match(await page.textContent('main'), /Đã tiếp nhận/);
    await checkPage(page, 'consumer-case');
    const code = await page.textContent('main dd strong');
    const address = page.url().split('?')[0];
    await open('/check');
    await page.fill('[name=code]', code);
    await page.click('main form button >> nth=0');
    assert.equal(page.url(), address);
});

test('guides are there for all three, in both languages, also on paper', async () => {
    for (const address of ['/help', '/help/enterprise', '/help/officer', '/help/consumer']) {
        for (const language of ['vi', 'en']) {
            await open(`${address}?lang=${language}`);
            assert.equal(await page.locator('main :text-matches("^help\\\\.")').count(), 0);
            await checkPage(page, `help${address.slice(5).replace('/', '-')}-${language}`);
        }
        await open(address);
        await page.emulateMedia({media: 'print'});
        assert.equal(await page.isVisible('.top'), false);
        await page.emulateMedia({media: null});
        const margin = {top: '14mm', bottom: '14mm', left: '16mm', right: '16mm'};
        const sheet = await page.pdf({format: 'A4', margin});
        const sheets = sheet.toString('latin1').match(/\/Type\s*\/Page\b/g).length;
        assert.ok(sheets <= 3, `${address}: ${sheets} sheets`);
    }
    await open('/help/nobody', 404);
});
