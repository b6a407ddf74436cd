// A firm on its phone: from sign-up to a printed label that a foreign program reads, and the purchase ledger.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';

import {checkPage, codesOfPdf, openBrowser, startNguon, takeProblems} from './harness.mjs';
import {Person, download, fillSheet, firm, households, packShot, signUp, tabThrough} from './steps.mjs';

let nguon;
let browser;
let page;
let person;
let photo;
const made = {}; // what one step leaves to the next

before(async () => {
    nguon = await startNguon({seed: false});
    browser = await openBrowser();
    page = await browser.page();
    person = new Person(page);
    photo = await packShot(browser);
}, {timeout: 120_000});

after(async () => {
    await browser?.close();
    await nguon?.stop();
    if (photo) fs.rmSync(photo);
});

const pathOf = () => new URL(page.url()).pathname;

const savePdf = name => download(page, 'a[href$=".pdf"]', path.join(nguon.data, name));

test('a newcomer reaches the first labels within six screens, fourteen fields and one photograph', async () => {
    await signUp(person, nguon.http);
    await person.type('name', 'Chè xanh Nậm Sỏ');
    await person.tap('group_code', 'tea');
    await person.attach('photo', photo);
    await person.send();
    assert.equal(pathOf(), '/console/batches/new');
    made.product = new URL(page.url()).searchParams.get('product');

    await person.send();
    assert.match(pathOf(), /^\/console\/batches\/[^/]+\/events\/new$/);
    made.batch = pathOf().split('/')[3];
    await page.click(`a[href="/console/batches/${made.batch}/labels"]`);
    assert.match(await page.textContent('main'), /Chè xanh Nậm Sỏ/);
    await checkPage(page, 'enterprise-labels', {guide: '#f-stock'});
    await person.send();
    assert.match(pathOf(), /^\/console\/labels\//);

    assert.ok(person.pagesSeen <= 6, `${person.pagesSeen} screens`);
    assert.ok(person.fieldsFilled <= 14, `${person.fieldsFilled} fields`);
    assert.equal(person.uploads, 1);
    await checkPage(page, 'enterprise-label-test');
    made.testLabel = await savePdf('test.pdf');
    made.job = page.url();
});

test('one test label is scanned and ticked before the others are printed beside it', async () => {
    assert.equal(codesOfPdf(made.testLabel).length, 1);
    await person.tap('seen', '1');
    await person.send();
    assert.equal(page.url(), made.job);
    await checkPage(page, 'enterprise-label-job');
    made.sheet65 = await savePdf('labels65.pdf');
    await page.click('summary:has-text("In lại tem")');
    await person.type('reason', 'Kẹt giấy');
    await person.type('first_label', '10');
    await person.type('last_label', '12');
    await person.send('main details[open] button');
    assert.match(await page.textContent('main'), /Đây là lần in lại. Lý do: Kẹt giấy/);
    assert.equal(codesOfPdf(await savePdf('again.pdf')).length, 3);
    await page.goto(nguon.http + '/console/labels');
    assert.match(await page.textContent('main'), /in lại/);
    await checkPage(page, 'enterprise-label-jobs');
});

test('zbarimg reads every label of the sheet, and their address is the page of the lot', async () => {
    const codes = codesOfPdf(made.sheet65);
    assert.equal(codes.length, 64);
    assert.equal(new Set([...codes, ...codesOfPdf(made.testLabel)]).size, 1);
    assert.ok(codes[0].startsWith(nguon.http + '/'), codes[0]);

    const phone = await browser.page({javaScript: false});
    const answer = await phone.goto(codes[0]);
    assert.equal(answer.status(), 200);
    const shown = await phone.textContent('main');
    assert.match(shown, /Chè xanh Nậm Sỏ/);
    assert.match(shown, /chờ Sở phê duyệt/);
    assert.match(shown, /Hợp tác xã Chè Nậm Sỏ/);
    await checkPage(phone, 'origin-awaiting-approval-without-script');
    await phone.context().close();
});

test('each pack gets a code of its own on the sheet of 24', async () => {
    await page.goto(`${nguon.http}/console/batches/${made.batch}/labels`);
    await person.tap('stock', 'a4-24');
    await person.tap('kind', 'unit');
    await person.type('count', '24');
    await page.locator('main [name=test_first]').uncheck();
    await person.send();
    made.unitJob = page.url();
    const codes = codesOfPdf(await savePdf('labels24.pdf'));
    assert.equal(codes.length, 24);
    assert.equal(new Set(codes).size, 24);
});

test('packs are activated by the first and the last label of what was stuck on', async () => {
    const labels = codesOfPdf(path.join(nguon.data, 'labels24.pdf')).sort();
    const phone = await browser.page({javaScript: false});
    const read = async address => {
        await phone.goto(address);
        return phone.textContent('main');
    };
    assert.match(await read(labels[3]), /chưa được kích hoạt/);
    await checkPage(phone, 'origin-not-activated');
    await page.goto(nguon.http + '/console/units');
    assert.match(await page.textContent('main'), /24 tem/);
    await person.type('first', labels[0]);
    await person.type('last', labels[9]);
    await page.click('main form[method=get] button');
    assert.match(await page.textContent('#range h2'), /Kích hoạt 10 tem\?/);
    await checkPage(page, 'enterprise-units');
    await person.send();
    assert.match(await page.textContent('main'), /14 tem/);
    assert.match(await read(labels[3]), /Mã hợp lệ/);
    assert.match(await read(labels[10]), /chưa được kích hoạt/);
    await page.goto(made.unitJob);
    assert.match(await page.textContent('main'), /Đã kích hoạt\s*10/);
    await phone.context().close();
});

test('steps of the tea template stand in the lot and on its public page', async () => {
    await page.goto(`${nguon.http}/console/batches/${made.batch}/events/new`);
    await checkPage(page, 'enterprise-steps');
    await page.goto(`${nguon.http}/console/batches/${made.batch}/events/new?step=tea.harvest`);
    await checkPage(page, 'enterprise-harvest');
    await person.type('quantity', '412,5');
    await person.choose('grade', '1_2');
    await person.type('variety', 'Kim Tuyên');
    await person.attach('photos', photo);
    await person.send();
    await page.goto(`${nguon.http}/console/batches/${made.batch}`);
    const shown = await page.textContent('main');
    assert.match(shown, /Thu hái/);
    assert.match(shown, /412,5/);
    await checkPage(page, 'enterprise-batch');
    const link = await page.getAttribute('main a[href^="/t/"]', 'href');
    await page.goto(nguon.http + link);
    assert.match(await page.textContent('main'), /Thu hái/);
});

test('forty households come from a spreadsheet, faults name their cell', async () => {
    await page.goto(nguon.http + '/console/people');
    await page.click('summary:has-text("Nhập từ Excel")');
    const template = await download(page, 'a[href$=".xlsx"]', path.join(nguon.data, 'template.xlsx'));
    const rows = households();
    const wrong = rows.map(row => [...row]);
    wrong[6][3] = 'rộng lắm';
    await person.attach('file', fillSheet(template, wrong, path.join(nguon.data, 'wrong.xlsx')));
    await person.send('form[action="/console/people/import"] button');
    assert.match(await page.textContent('[role=alert]'), /D8/);
    await checkPage(page, 'households-faults');

    await person.attach('file', fillSheet(template, rows, path.join(nguon.data, 'members.xlsx')));
    await person.send('form[action="/console/people/import"] button');
    assert.equal(await page.locator('table.fold tbody tr').count(), 40);
    await checkPage(page, 'households');
});

test('the purchase ledger saves forty rows in one go, and tomorrow begins as yesterday', async () => {
    await page.goto(nguon.http + '/console/products/new');
    await person.type('name', 'Chè búp tươi Nậm Sỏ');
    await person.tap('group_code', 'tea');
    await person.send();
    await person.send(); // the lot as proposed
    made.leaf = pathOf().split('/')[3];

    await page.goto(`${nguon.http}/console/ledger?batch=${made.leaf}`);
    const weights = page.locator('input[name=kilograms]');
    assert.equal(await weights.count(), 40);
    for (let i = 0; i < 40; i++) await weights.nth(i).fill(i === 4 ? 'mười' : `${12 + i},${i % 10}`);
    await person.send('.actions button:not([name])');
    assert.equal(await weights.nth(4).inputValue(), 'mười');
    assert.equal(await weights.nth(39).inputValue(), '51,9');
    assert.match(await page.textContent('.ledger .fault'), /\S/);
    await checkPage(page, 'ledger-fault');
    await weights.nth(4).fill('16,4');
    await person.send('.actions button[name=sum]');
    assert.match(await page.textContent('main .notice.info'), /1\.278/); // 12,0 + 13,1 + … + 51,9
    await checkPage(page, 'ledger', {guide: true});
    await tabThrough(page); // no row hides behind the bar with the buttons
    await person.send('.actions button:not([name])');
    assert.equal(pathOf(), `/console/batches/${made.leaf}`);
    assert.equal(await page.locator('ol.steps > li').count(), 40);
    assert.match(await page.textContent('main'), /Lò Văn Hặc/);

    await page.goto(`${nguon.http}/console/ledger?like=yesterday&batch=${made.leaf}`);
    assert.equal(await weights.nth(39).inputValue(), '51,9');
});

test('processing uses the leaf that was bought', async () => {
    await page.goto(`${nguon.http}/console/batches/${made.batch}/events/new?step=tea.processing`);
    await person.choose('input', made.leaf);
    await person.type('input_quantity', '1200');
    await person.type('quantity', '240');
    await person.send();
    await page.goto(`${nguon.http}/console/batches/${made.batch}`);
    assert.match(await page.textContent('main'), /Chế biến|Sản xuất/);
});

test('every form says what is wrong at its field and keeps what was typed', async () => {
    const stranger = await browser.page();
    const newcomer = new Person(stranger);
    await stranger.goto(nguon.http + '/console/sign-up');
    // The browser's own checks would stop the form before the server sees it.
    await stranger.evaluate(() => document.querySelector('main form').setAttribute('novalidate', ''));
    await newcomer.type('name', 'Hợp tác xã Mường So');
    await newcomer.type('tax_code', '9900200198');
    await newcomer.type('login', firm.login);
    await newcomer.type('password', 'abc');
    await newcomer.send();
    assert.equal(await newcomer.field('name').inputValue(), 'Hợp tác xã Mường So');
    assert.equal(await newcomer.field('tax_code').inputValue(), '9900200198');
    for (const name of ['tax_code', 'address_line', 'password']) {
        assert.match(await stranger.textContent(`#f-${name}-error`), /\S/, name);
    }
    await checkPage(stranger, 'sign-up-faults');
    await stranger.context().close();

    await page.goto(nguon.http + '/console/products/new');
    await person.type('name', 'Chè Shan tuyết Nậm Sỏ');
    await person.tap('group_code', 'tea');
    await page.click('summary:has-text("Có mã vạch rồi?")');
    await person.type('gtin', '8939999000018');
    await person.send();
    assert.equal(await person.field('name').inputValue(), 'Chè Shan tuyết Nậm Sỏ');
    assert.equal(await page.isChecked('[name=group_code][value=tea]'), true);
    assert.match(await page.textContent('#f-gtin-error'), /8939999000018 sai số kiểm tra: số cuối phải là 7/);
    await checkPage(page, 'product-faults');

    await page.goto(`${nguon.http}/console/batches/new?product=${made.product}`);
    await person.type('made_on', '2026-06-10');
    await person.type('expires_on', '2026-06-01');
    await person.type('quantity', 'nhiều');
    await person.send();
    assert.equal(await person.field('quantity').inputValue(), 'nhiều');
    assert.equal(await person.field('made_on').inputValue(), '2026-06-10');
    await checkPage(page, 'batch-faults');

    await page.goto(`${nguon.http}/console/batches/${made.batch}/events/new?step=tea.harvest`);
    await person.type('quantity', 'ba tạ');
    await person.type('variety', 'Shan tuyết');
    await person.send();
    assert.equal(await person.field('quantity').inputValue(), 'ba tạ');
    assert.equal(await person.field('variety').inputValue(), 'Shan tuyết');
    assert.match(await page.textContent('#f-quantity-error'), /\S/);
    await checkPage(page, 'event-faults');
    takeProblems(page);
});

test('the lot number is locked once printed, the rest is corrected without a reprint', async () => {
    await page.goto(`${nguon.http}/console/batches/${made.batch}/edit`);
    assert.match(await page.textContent('main'), /không cần in lại|không phải in lại/i);
    const lot = await person.field('lot').inputValue();
    await person.type('lot', lot + 'X');
    await person.type('reason', 'gõ nhầm');
    await person.send();
    assert.match(await page.textContent('#f-lot-error'), new RegExp(lot));
    await checkPage(page, 'batch-locked');
    await person.type('lot', lot);
    await person.type('expires_on', '2028-06-01');
    await person.send();
    assert.equal(pathOf(), `/console/batches/${made.batch}`);
    assert.match(await page.textContent('main'), /01\/06\/2028/);
    assert.match(await page.textContent('main'), /gõ nhầm/);
});

/** The page of a printer that the enterprise adds. */
async function addedPrinter() {
    await page.goto(nguon.http + '/console/printers/new');
    await person.type('name', 'Máy in ở kho');
    await person.send();
    return pathOf();
}

/** Waits until the picture of the trial is the one whose address matches. */
const trialShows = address => page.waitForFunction(
    wanted => new RegExp(wanted).test(document.querySelector('#trial img:not(.stale)')?.src ?? ''), address.source);

test('the picture of a label follows every choice while the page stays', async () => {
    await page.goto(`${nguon.http}/console/batches/${made.batch}/labels`);
    assert.equal(await page.locator('main button[value=preview]').count(), 0, 'the script needs no button');
    await page.evaluate(() => { window.stays = true; });
    await person.tap('stock', 'a4-24');
    await trialShows(/stock=a4-24/);
    await person.tap('kind', 'unit');
    await trialShows(/kind=unit/);
    await person.choose('design', 'datamatrix');
    await trialShows(/design=datamatrix/);
    assert.ok(await page.locator('#trial img').evaluate(img => img.complete && img.naturalWidth) > 0);

    await person.type('count', '');
    await page.locator('#trial .notice.bad').waitFor();
    assert.match(await page.textContent('#trial'), /Số tem/);
    assert.ok(await page.locator('#trial img.stale').evaluate(img => img.naturalWidth) > 0, 'the last good picture stays, faded');
    await person.type('count', '30');
    await trialShows(/design=datamatrix/);
    assert.match(await page.textContent('#trial'), /30 tem trên 2 tờ/);
    assert.ok(await page.evaluate(() => window.stays), 'without another page');
    await page.locator('#trial').scrollIntoViewIfNeeded();
    await checkPage(page, 'console-label-trial');
});

test('without script the button shows the label', async () => {
    const plain = await browser.page({javaScript: false});
    await plain.context().addCookies(await page.context().cookies());
    await plain.goto(`${nguon.http}/console/batches/${made.batch}/labels`);
    await plain.locator('main details:not([open]) summary').first().click();
    await plain.locator('main [name=design]').selectOption('datamatrix');
    await plain.locator('main button[value=preview]').click();
    await plain.waitForLoadState();
    assert.match(await plain.getAttribute('#trial img', 'src'), /design=datamatrix/);
    await plain.context().close();
});

test('a firm draws up a label of its own and prints with it', async () => {
    await page.goto(`${nguon.http}/console/designs/new`);
    await person.type('name', 'Tem hộp quà');
    await person.choose('line1', 'lot');
    await person.choose('size1', 'large');
    await person.choose('line2', 'name');
    await person.choose('line3', 'text');
    await person.choose('line4', '');
    await person.choose('line5', '');
    await person.type('text', 'Bảo quản nơi khô mát');
    await trialShows(/line3=text.*text=/);
    await checkPage(page, 'console-label-design');
    await person.send();
    assert.match(page.url(), /console\/printers\?done=saved/);
    assert.match(await page.textContent('main'), /Số lô, Tên sản phẩm, Dòng chữ riêng/);

    await page.goto(`${nguon.http}/console/batches/${made.batch}/labels`);
    await person.tap('stock', 'a4-24');
    const own = await page.locator('main [name=design] option', {hasText: 'Tem hộp quà'}).getAttribute('value');
    await person.choose('design', own);
    await trialShows(new RegExp(`design=${own}`));
    await person.type('count', '24');
    await page.locator('main [name=test_first]').uncheck();
    await person.send();
    assert.match(await page.textContent('main'), /Tem hộp quà/);
    assert.equal(codesOfPdf(await savePdf('labels-own.pdf')).length, 24);
});

test('all other pages of the console are sound', async () => {
    const pages = {
        home: '/console',
        organization: '/console/organization',
        'organization-edit': '/console/organization/edit',
        places: '/console/places',
        'place-new': '/console/places/new',
        products: '/console/products',
        product: `/console/products/${made.product}`,
        'product-edit': `/console/products/${made.product}/edit`,
        batches: '/console/batches',
        diary: '/console/events',
        certificates: '/console/certificates',
        'certificate-new': '/console/certificates/new',
        printers: '/console/printers',
        'printer-new': '/console/printers/new',
        printer: await addedPrinter(),
        'stock-new': '/console/stocks/new',
        'stock-new-roll': '/console/stocks/new?roll=1',
        members: '/console/members',
        password: '/console/password',
    };
    for (const [name, address] of Object.entries(pages)) {
        const answer = await page.goto(nguon.http + address);
        assert.equal(answer.status(), 200, address);
        await checkPage(page, `console-${name}`, {guide: name === 'products'});
    }
});
