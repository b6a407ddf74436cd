#include "core/runtime/io_threads.hpp"

#include <cassert>

namespace nguon {

IoThreads::IoThreads(unsigned count)
{
    assert(count > 0);
    for (unsigned i = 0; i < count; ++i) contexts_.push_back(std::make_unique<Context>());
}

boost::asio::any_io_executor IoThreads::next()
{
    auto const turn = turn_.fetch_add(1, std::memory_order_relaxed);
    return contexts_[turn % contexts_.size()]->io.get_executor();
}

void IoThreads::run()
{
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < contexts_.size(); ++i) others.emplace_back([&io = contexts_[i]->io] { io.run(); });
    contexts_.front()->io.run();
}

void IoThreads::stop()
{
    for (auto const& context : contexts_) context->io.stop();
}

} // namespace nguon
