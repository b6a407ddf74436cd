// The pages without a mouse, at 200 % and in the other language.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';

import {administrator, checkPage, openBrowser, startNguon} from './harness.mjs';
import {Person, firm, focused, signUp, tabThrough} from './steps.mjs';

let nguon;
let browser;

before(async () => {
    nguon = await startNguon({seed: false});
    browser = await openBrowser();
}, {timeout: 120_000});

after(async () => {
    await browser?.close();
    await nguon?.stop();
});

test('the sign-up is filled and sent with the keyboard alone', async () => {
    const page = await browser.page();
    await page.goto(nguon.http + '/console/sign-up');
    await page.keyboard.press('Tab');
    assert.match((await focused(page)).what, /Đến nội dung chính/);
    await page.keyboard.press('Enter');
    const values = {...firm, login: 'ban.phim', kind: ''};
    for (let i = 0; i < 40; i++) {
        await page.keyboard.press('Tab');
        const {what, tag} = await focused(page);
        if (what === 'kind') continue;
        if (tag === 'SELECT') await page.keyboard.press('ArrowDown');
        else if (values[what]) await page.keyboard.type(values[what]);
        if (what === 'password') break;
    }
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/console\/products\/new/);
    await page.context().close();
});

test('every stop of the main forms shows where the focus is, in the order of the page', async () => {
    const person = new Person(await browser.page());
    const {page} = person;
    await page.goto(nguon.http + '/console/sign-up');
    const stops = await tabThrough(page);
    const fields = ['kind', 'name', 'tax_code', 'commune_code', 'address_line', 'owner_name', 'login', 'password'];
    assert.deepEqual(stops.filter(stop => fields.includes(stop)), fields);

    await signUp(person, nguon.http, {...firm, login: 'thu.tu', tax_code: '9900200230'});
    await tabThrough(page);
    await person.type('name', 'Chè xanh Nậm Sỏ');
    await person.tap('group_code', 'tea');
    await person.send();
    await tabThrough(page);
    await person.send();
    const steps = page.url();
    await page.goto(steps + '?step=tea.harvest');
    await tabThrough(page);
    await page.goto(steps.replace(/events\/new.*/, 'labels'));
    await tabThrough(page);
    await page.goto(nguon.http + '/check');
    await tabThrough(page);
    await page.goto(nguon.http + '/console/ledger');
    await tabThrough(page);
    await page.context().close();
});

test('at 200 % on a small laptop nothing is cut off', async () => {
    // 1280 px at 200 % leave 640 CSS pixels, 720 px at 200 % leave 360 (WCAG 1.4.4 and 1.4.10).
    const page = await browser.page({width: 640});
    for (const address of ['/', '/check', '/help', '/help/enterprise', '/console/sign-in', '/console/sign-up']) {
        await page.goto(nguon.http + address);
        await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
        const {wide, room} = await page.evaluate(() => ({
            wide: document.scrollingElement.scrollWidth, room: document.documentElement.clientWidth}));
        assert.ok(wide <= room, `${address}: ${wide} px in ${room} px`);
    }
    await page.context().close();
});

test('the language is switched on every kind of page and stays', async () => {
    const page = await browser.page();
    await page.goto(nguon.http + '/console/sign-in');
    await page.click('.top a[hreflang=en]');
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    await checkPage(page, 'sign-in-en');
    await page.fill('[name=login]', administrator.login);
    await page.fill('[name=password]', administrator.password);
    await page.click('main form button');
    await page.waitForURL(/\/province/);
    if (await page.getAttribute('html', 'lang') === 'vi') {
        await Promise.all([page.waitForNavigation(), page.click('.top button[lang=en]')]);
    }
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    for (const address of ['/province', '/province/approvals', '/province/sync', '/console/password']) {
        await page.goto(nguon.http + address);
        assert.equal(await page.getAttribute('html', 'lang'), 'en', address);
    }
    await Promise.all([page.waitForNavigation(), page.click('.top button[lang=vi]')]);
    assert.equal(await page.getAttribute('html', 'lang'), 'vi');
    await page.context().close();
});
