#include "core/signed_note.hpp"

#include "core/bytes.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

namespace nguon {
namespace {

class SignedNote : public ::testing::Test {
protected:
    testing::TempDir dir;
    NoteSigner signer = *NoteSigner::open(dir.path() / "log.key", "truyxuat.example/log");
};

// The key and note that the standard shows (C2SP signed-note; the same as in Go's sumdb/note).
constexpr std::string_view peter_key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view peter_note =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

TEST_F(SignedNote, ReadsTheStandardsExample)
{
    auto const verifier = NoteVerifier::read(peter_key);
    ASSERT_TRUE(verifier.ok());
    EXPECT_EQ(verifier->text(), peter_key);
    auto const text = verifier->open(peter_note);
    ASSERT_TRUE(text.ok());
    EXPECT_TRUE(text->starts_with("If you think"));
}

TEST_F(SignedNote, OpensWhatWasSignedAndNothingThatWasChanged)
{
    auto const note = signer.sign("origin\n12\nroot\n");
    EXPECT_EQ(*signer.verifier().open(note), "origin\n12\nroot\n");
    auto changed = note;
    changed[7] = '3';
    EXPECT_EQ(signer.verifier().open(changed).error().key, "note.signature");
    EXPECT_EQ(signer.verifier().open("origin\n12\nroot\n").error().key, "note.format");
    EXPECT_EQ(signer.verifier().open(peter_note).error().key, "note.unsigned");
}

TEST_F(SignedNote, TakesFurtherSignaturesBeneath)
{
    auto const witness = *NoteSigner::open(dir.path() / "witness.key", "witness.example");
    auto const note = signer.sign("text\n") + witness.signature_line("text\n");
    EXPECT_TRUE(signer.verifier().open(note).ok());
    EXPECT_TRUE(witness.verifier().open(note).ok());
}

TEST_F(SignedNote, TellsItsOwnLineFromOthers)
{
    auto const other = *NoteSigner::open(dir.path() / "other.key", "other");
    auto const own = signer.signature_line("text\n");
    auto const note = other.sign("text\n") + own + other.signature_line("text\n");
    EXPECT_EQ(*signer.verifier().own_line(note), own);
    EXPECT_EQ(signer.verifier().own_line(other.sign("text\n")).error().key, "note.unsigned");
}

TEST_F(SignedNote, KeepsItsKey)
{
    auto const again = *NoteSigner::open(dir.path() / "log.key", "truyxuat.example/log");
    EXPECT_EQ(again.verifier().text(), signer.verifier().text());
    struct stat status {};
    ASSERT_EQ(::stat((dir.path() / "log.key").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    EXPECT_EQ(NoteSigner::open(dir.path() / "missing" / "log.key", "x").error().key, "note.key_file");
}

// The checkpoint that the standard shows (C2SP tlog-cosignature) has no public key beside it; ours must bear its form.
TEST_F(SignedNote, TakesCosignaturesOfTheTextAndATime)
{
    auto const witness = *NoteSigner::open(dir.path() / "w.key", "witness.example/w1", NoteKind::cosignature);
    auto const at = Instant{std::chrono::seconds{1679315147}};
    auto const line = witness.cosignature_line("origin\n12\nroot\n", at);
    auto const note = signer.sign("origin\n12\nroot\n") + line;
    EXPECT_TRUE(witness.verifier().open(note).ok());
    EXPECT_TRUE(signer.verifier().open(note).ok());
    auto const read = NoteVerifier::read(witness.verifier().text());
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->kind(), NoteKind::cosignature);
    EXPECT_TRUE(read->open(note).ok());
    // 4 bytes of the key's id, 8 of the time, 64 of the signature.
    auto const bytes = *from_base64(line.substr(line.rfind(' ') + 1, line.size() - line.rfind(' ') - 2));
    EXPECT_EQ(bytes.size(), 76U);
    EXPECT_EQ(to_hex(bytes.substr(4, 8)), "00000000641850cb");
    auto later = bytes;
    later[11] = static_cast<char>(0xcc);
    auto const forged =
        signer.sign("origin\n12\nroot\n") + line.substr(0, line.rfind(' ') + 1) + to_base64(later) + "\n";
    EXPECT_EQ(witness.verifier().open(forged).error().key, "note.signature");
}

TEST_F(SignedNote, RefusesKeysThatAreNone)
{
    for (auto const* text :
         {"", "x", "x+00000000+AAAA", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
          "Other+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"})
        EXPECT_EQ(NoteVerifier::read(text).error().key, "note.key") << text;
}

} // namespace
} // namespace nguon
