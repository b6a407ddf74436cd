#pragma once

#include "connector/file_wire.hpp"
#include "connector/receipt_keys.hpp"
#include "connector/target.hpp"
#include "core/limits.hpp"

#include <memory>
#include <string>
#include <vector>

namespace nguon::connector {

struct FileSettings {
    std::string name = "file";
    std::string base_url = {}; // FileDrop::base_url
    BundleFormat format = BundleFormat::ndjson;
    ReceiptKeys receipt_keys = {};
    std::size_t records_max = limits::delivery_batch_records_max;
};

/// A portal that takes files: signed bundles go out, signed receipts come back. A bundle's name is stored with the
/// records' bytes before it is written; they wait as *accepted* until their receipts lie there, and spend no attempt.
class FileTarget final : public Target {
public:
    explicit FileTarget(FileSettings settings);

    std::string const& name() const override { return settings_.name; }
    std::string probe_url() const override { return settings_.base_url; }
    std::size_t records_max() const override { return settings_.records_max; }
    std::unique_ptr<Conversation> begin(std::vector<Record> records) override;

private:
    friend class FileConversation;

    FileSettings settings_;
};

} // namespace nguon::connector
