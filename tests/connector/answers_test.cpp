#include "connector/answers.hpp"

#include <gtest/gtest.h>

namespace nguon::connector {
namespace {

constexpr Instant now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21}};

Answer with_status(unsigned status)
{
    Answer answer;
    answer.status = status;
    return answer;
}

TEST(Answers, FollowTheTableOfStatuses)
{
    struct Case {
        unsigned status;
        AnswerClass expected;
    };
    for (auto const& one : std::vector<Case>{
             {200, AnswerClass::decided},   {201, AnswerClass::decided},      {207, AnswerClass::decided},
             {202, AnswerClass::accepted},  {204, AnswerClass::unknown},      {100, AnswerClass::unknown},
             {206, AnswerClass::unknown},   {301, AnswerClass::contract},     {302, AnswerClass::contract},
             {304, AnswerClass::contract},  {400, AnswerClass::record_fault}, {422, AnswerClass::record_fault},
             {401, AnswerClass::identity},  {403, AnswerClass::identity},     {404, AnswerClass::contract},
             {405, AnswerClass::contract},  {410, AnswerClass::contract},     {415, AnswerClass::contract},
             {501, AnswerClass::contract},  {408, AnswerClass::transient},    {425, AnswerClass::transient},
             {429, AnswerClass::transient}, {500, AnswerClass::transient},    {502, AnswerClass::transient},
             {503, AnswerClass::transient}, {504, AnswerClass::transient},    {409, AnswerClass::conflict},
             {413, AnswerClass::too_big},   {418, AnswerClass::unknown},      {599, AnswerClass::unknown},
             {0, AnswerClass::unknown}})
        EXPECT_EQ(classify(with_status(one.status), now).answer_class, one.expected) << one.status;
}

TEST(Answers, HaveAClassForEveryStatusAndEveryFault)
{
    for (unsigned status = 0; status < 1000; ++status)
        EXPECT_FALSE(to_text(classify(with_status(status), now).answer_class).empty());
    struct Case {
        Fault fault;
        AnswerClass expected;
    };
    for (auto const& one : std::vector<Case>{{Fault::resolve, AnswerClass::transient},
                                             {Fault::connect, AnswerClass::transient},
                                             {Fault::handshake, AnswerClass::transient},
                                             {Fault::timeout, AnswerClass::transient},
                                             {Fault::reset, AnswerClass::transient},
                                             {Fault::truncated, AnswerClass::transient},
                                             {Fault::malformed, AnswerClass::unknown},
                                             {Fault::too_large, AnswerClass::unknown},
                                             {Fault::own_certificate, AnswerClass::identity},
                                             {Fault::portal_certificate, AnswerClass::portal_certificate}}) {
        Answer answer;
        answer.fault = one.fault;
        answer.status = 200; // a fault outweighs whatever came before it
        EXPECT_EQ(classify(answer, now).answer_class, one.expected) << to_text(one.fault);
    }
}

TEST(Answers, TellWorkInProgressFromAConflict)
{
    auto answer = with_status(409);
    answer.body = R"({"error":"DANG_XU_LY"})";
    EXPECT_EQ(classify(answer, now).answer_class, AnswerClass::in_progress);
    answer.body = R"({"error":"ERR_VERSION"})";
    EXPECT_EQ(classify(answer, now).answer_class, AnswerClass::conflict);
}

TEST(Answers, CarryRetryAfterAndTheRawText)
{
    auto answer = with_status(503);
    answer.headers = {{"retry-after", "7"}};
    answer.body = "bảo trì";
    auto const reading = classify(answer, now);
    EXPECT_EQ(reading.retry_after, std::chrono::seconds{7});
    EXPECT_EQ(reading.code, "503");
    EXPECT_EQ(reading.text, "bảo trì");
}

TEST(Answers, MakeAnyBytesStorable)
{
    EXPECT_EQ(storable_text("đủ dấu"), "đủ dấu");
    EXPECT_EQ(storable_text(std::string_view{"a\0b\x1b[1m", 7}), "a b [1m");
    EXPECT_EQ(storable_text("\xff\xc3"), "??");
    EXPECT_EQ(storable_text("\xed\xa0\x80"), "???") << "a surrogate";
    EXPECT_EQ(storable_text("\xe1\xba\xa1z", 3), "\xe1\xba\xa1");
    EXPECT_EQ(storable_text("\xe1\xba\xa1z", 2), "") << "no half letters";
    EXPECT_EQ(storable_text("\xf0\x9f\x8d\xb5"), "\xf0\x9f\x8d\xb5");
}

} // namespace
} // namespace nguon::connector
