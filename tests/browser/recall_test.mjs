// A recall by two people with the firm's answer, a drill, and tracing, with the illustrative data.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';

import {checkPage, openBrowser, startNguon, takeProblems} from './harness.mjs';
import {Person, signIn} from './steps.mjs';

let nguon;
let browser;
const people = {};

before(async () => {
    nguon = await startNguon();
    browser = await openBrowser();
    for (const login of ['so.khcn1', 'so.khcn2', 'che.banbo']) {
        people[login] = new Person(await browser.page());
        await signIn(people[login].page, nguon.http, nguon.signIns[login]);
    }
}, {timeout: 300_000});

after(async () => {
    await browser?.close();
    await nguon?.stop();
});

async function open(person, address, status = 200) {
    const answer = await person.page.goto(nguon.http + address);
    assert.equal(answer.status(), status, address);
    return person.page.textContent('main');
}

async function draft(person, kind) {
    await open(person, `/province/recalls/new?kind=${kind}`);
    await person.choose('scope', 'batch');
    await person.type('subject', nguon.stories.a.path);
    await person.type('reason', 'Phát hiện dư lượng thuốc vượt mức cho phép');
    await person.send('main form[method=post] button.button');
    return new URL(person.page.url()).pathname;
}

test('goods are traced as a list, without and with a fault', async () => {
    const officer = people['so.khcn1'];
    await open(officer, '/province/trace');
    await checkPage(officer.page, 'trace-empty');
    await officer.type('code', nguon.stories.a.path);
    await officer.send('main form[method=get] button');
    assert.match(await officer.page.textContent('main'), /Được làm từ[\s\S]*Đã đi đến/);
    await checkPage(officer.page, 'trace');
    await open(officer, '/province/trace?code=khong-co', 400);
    takeProblems(officer.page);
    await checkPage(officer.page, 'trace-fault');
    await open(people['che.banbo'], `/console/trace?code=${encodeURIComponent(nguon.stories.a.path)}`);
    await checkPage(people['che.banbo'].page, 'console-trace');
});

test('one person drafts a recall, another publishes it, the firm answers', async () => {
    const [first, second, firm] = ['so.khcn1', 'so.khcn2', 'che.banbo'].map(login => people[login]);
    await open(first, '/province/recalls');
    await checkPage(first.page, 'recalls');
    await open(first, '/province/recalls/new');
    await checkPage(first.page, 'recall-new');
    const address = await draft(first, 'real');
    assert.match(await first.page.textContent('main'), /Cần người thứ hai/);
    await checkPage(first.page, 'recall-draft');
    assert.doesNotMatch(await open(firm, '/console/recalls'), /dư lượng/);

    await open(second, address);
    const stranger = await browser.page();
    await stranger.goto(nguon.http + nguon.stories.a.path);
    assert.doesNotMatch(await stranger.textContent('main'), /THU HỒI/);
    await second.send('button[value=publish]');
    const published = Date.now();
    await stranger.goto(nguon.http + nguon.stories.a.path);
    assert.match(await stranger.textContent('main'), /THU HỒI[\s\S]*Trả|trả hàng/);
    assert.ok(Date.now() - published < 5000);
    await checkPage(second.page, 'recall-published');

    assert.match(await open(firm, '/console'), /chờ bạn báo số lượng/);
    await open(firm, '/console/recalls');
    await checkPage(firm.page, 'console-recalls');
    await open(firm, address.replace('/province/', '/console/'));
    for (const [name, value] of [['made', '120'], ['sold', '60'], ['in_stock', '40'], ['returned', '15'], ['destroyed', '0']]) {
        await firm.type(name, value);
    }
    await firm.send('main form[method=post] button.button');
    await checkPage(firm.page, 'console-recall');

    assert.match(await open(first, address), /Chênh lệch/);
    await first.type('conclusion', 'Đã thu đủ hàng ở cửa hàng.');
    await first.send('button[value=close]');
    assert.match(await first.page.textContent('main'), /đã kết thúc/);
    await checkPage(first.page, 'recall-closed');
    await stranger.context().close();
});

test('a drill looks the same and nobody outside sees it', async () => {
    const [first, second] = [people['so.khcn1'], people['so.khcn2']];
    await open(first, '/province/recalls/new?kind=drill');
    await first.choose('scope', 'batch');
    await first.type('subject', nguon.stories.b.path);
    await first.type('reason', 'Diễn tập quý IV');
    await first.send('main form[method=post] button.button');
    const address = new URL(first.page.url()).pathname;
    assert.match(await first.page.textContent('.watermark'), /DIỄN TẬP/);
    await open(second, address);
    await second.send('button[value=publish]');
    await checkPage(second.page, 'recall-drill');
    const stranger = await browser.page();
    await stranger.goto(nguon.http + nguon.stories.b.path);
    assert.doesNotMatch(await stranger.textContent('main'), /THU HỒI|Diễn tập/);
    await stranger.context().close();
    assert.match(await open(first, '/province/recalls?kind=drill'), /DT-\d{4}-\d{3}/);
});
