#pragma once

#include "connector/target.hpp"
#include "core/bytes.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nguon::connector {

/// What a conversation knows of one record; a target adds what its portal makes necessary.
struct ConversationItem {
    Record record = {};
    RecordOutcome outcome = {};
    bool decided = false;
};

/// The part of a conversation that does not depend on the portal: which records are decided, and how it ended.
template <typename Item>
class ItemConversation : public Conversation {
protected:
    explicit ItemConversation(std::vector<Record> records)
    {
        items_.reserve(records.size());
        for (auto& record : records) {
            auto& item = items_.emplace_back();
            item.outcome.seq = record.seq;
            item.record = std::move(record);
        }
    }

    /// Makes the record's bytes with `make` (nothing when it cannot), or checks those that were made at an earlier try.
    /// False when the record is decided by that.
    template <typename Make>
    bool prepare_wire(Item& item, Make const& make)
    {
        auto& record = item.record;
        if (!record.wire.empty()) {
            if (sha256_hex(record.wire) == record.wire_sha256) return true;
            decide(item, Verdict::conflict, "wire.damaged", "");
            return false;
        }
        std::optional<std::string> wire = make(record);
        if (!wire) {
            decide(item, Verdict::conflict, "payload.shape", "");
            return false;
        }
        record.wire = *std::move(wire);
        record.wire_sha256 = sha256_hex(record.wire);
        freeze_.wires.push_back({record.seq, record.wire, record.wire_sha256});
        return true;
    }

    static void decide(Item& item, Verdict verdict, std::string code, std::string text)
    {
        item.decided = true;
        item.outcome.verdict = verdict;
        item.outcome.code = std::move(code);
        item.outcome.text = std::move(text);
    }

    /// Nothing more is asked; what is not decided stays so.
    void end(Reading reading)
    {
        reading_ = std::move(reading);
        ended_ = true;
    }

    Conclusion conclusion() const
    {
        Conclusion conclusion{exchanged_, reading_, {}};
        for (auto const& item : items_) conclusion.records.push_back(item.outcome);
        return conclusion;
    }

    std::vector<Item> items_;
    Freeze freeze_; // to be stored before the next request
    bool exchanged_ = false;
    bool ended_ = false;
    Reading reading_{AnswerClass::decided, {}, {}, {}};
};

} // namespace nguon::connector
