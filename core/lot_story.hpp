#pragma once

#include <cstdint>

namespace nguon {

/// What is recorded of a lot, as far as its completeness is judged by it.
struct LotStory {
    std::int64_t items_present = 0; // of the nine of Decree 37/2026 Art. 23.5
    bool back_known = false;        // one step back: where it came from
    bool forward_known = false;     // one step forward: who got it
    std::int64_t evidence = 0;      // steps with a photograph, papers that hold
};

inline constexpr std::int64_t legal_items = 9;

/// A complete journey: all nine items, one step back and one step forward, as the law asks. The desk's check of a lot
/// and the programme's "traceability in use" both mean this. Evidence is not part of it: it makes a story better, not
/// whole.
constexpr bool is_complete(LotStory const& story)
{
    return story.items_present == legal_items && story.back_known && story.forward_known;
}

/// Of 100: the nine items are law (54), the chain is what a recall needs (36), the rest is evidence.
constexpr std::int64_t score_of(LotStory const& story)
{
    constexpr std::int64_t item = 6;
    constexpr std::int64_t step = 18;
    constexpr std::int64_t evidence = 10;
    return item * story.items_present + (story.back_known ? step : 0) + (story.forward_known ? step : 0) +
           (story.evidence > 0 ? evidence : 0);
}

} // namespace nguon
