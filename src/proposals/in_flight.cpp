#include <iterator>

#include "detached.hpp"

namespace referee::proposals {

void Questions::run(Wire& wire, std::size_t in_flight) {
  wire.ask(in_flight, [this]() -> std::optional<Ask> {
    if (waiting_.empty()) return std::nullopt;
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    return next;
  });
}

Outcome<void> Proposal::describe(std::vector<Entry>& /*entries*/, Detail /*detail*/) {
  return {};
}

void Proposal::fetch_each(std::span<const Entry* const> entries, const Arrived& arrived) {
  for (std::size_t at = 0; at < entries.size(); ++at) arrived(at, fetch(*entries[at]));
}

Ask Detached::first_question(const Entry& entry) const {
  return {Ask::Kind::kManifest, entry.descriptor.digest.empty() ? entry.tag : entry.descriptor.digest, {}};
}

Outcome<oci::Content> Detached::manifest_in(const Entry& entry, const http::Response& answer) const {
  return content_of(answer, entry.descriptor.digest);
}

void Detached::fetch_each(std::span<const Entry* const> entries, const Arrived& arrived) {
  Questions questions;
  const auto ask_for = [&](std::size_t at, const std::string& digest) {
    questions.add_next({Ask::Kind::kBlob, digest, [&arrived, at](Outcome<http::Response> answer) {
                          if (!answer) return arrived(at, tl::unexpected(answer.error()));
                          arrived(at, std::move(answer->body));
                        }});
  };
  const auto open = [&](std::size_t at, std::string_view manifest) {
    auto facts = facts_of(manifest);
    if (facts.carried) return arrived(at, std::move(*facts.carried));
    if (facts.payload) return ask_for(at, facts.payload->digest);
    arrived(at, tl::unexpected(Failure{FailureKind::kBroken, entries[at]->descriptor.digest + " has no payload"}));
  };
  for (std::size_t at = 0; at < entries.size(); ++at) {
    const auto& entry = *entries[at];
    if (entry.payload) {
      arrived(at, *entry.payload);
    } else if (entry.layer) {
      ask_for(at, entry.layer->digest);
    } else if (entry.manifest) {
      open(at, entry.manifest->bytes());
    } else {
      auto question = first_question(entry);
      question.answered = [&, at](Outcome<http::Response> answer) {
        if (!answer) return arrived(at, tl::unexpected(answer.error()));
        const auto manifest = manifest_in(*entries[at], *answer);
        if (!manifest) return arrived(at, tl::unexpected(manifest.error()));
        open(at, manifest->bytes());
      };
      questions.add(std::move(question));
    }
  }
  questions.run(wire(), in_flight());
}

Outcome<void> tell_from(Entry& entry, const http::Response& answer) {
  auto manifest = content_of(answer, entry.descriptor.digest);
  if (!manifest) return tl::unexpected(manifest.error());
  tell(entry, std::move(*manifest));
  return {};
}

Outcome<void> read_manifests(Proposal& proposal, std::vector<Entry>& entries,
                             const std::function<bool(const Entry& entry)>& wanted) {
  std::vector<Entry> open;
  std::erase_if(entries, [&](Entry& entry) {
    if (entry.descriptor.digest.empty() || entry.manifest || !wanted(entry)) return false;
    open.push_back(std::move(entry));
    return true;
  });
  const auto question = [](const Entry& entry) { return Ask{Ask::Kind::kManifest, entry.descriptor.digest, {}}; };
  auto done = read_manifests(proposal, open, question, tell_from, Unreadable::kIsSkipped);
  entries.insert(entries.end(), std::make_move_iterator(open.begin()), std::make_move_iterator(open.end()));
  return done;
}

Outcome<void> Detached::describe(std::vector<Entry>& entries, Detail detail) {
  if (detail == Detail::kType) return {};
  return read_manifests(*this, entries, [](const Entry& entry) { return entry.annotations.empty(); });
}

Outcome<void> read_manifests(Proposal& proposal, std::vector<Entry>& entries,
                             const std::function<Ask(const Entry& entry)>& question,
                             const std::function<Outcome<void>(Entry& entry, const http::Response& answer)>& read,
                             Unreadable unreadable) {
  Questions questions;
  std::optional<Failure> failure;
  for (auto& entry : entries) {
    auto asked = question(entry);
    asked.answered = [&](Outcome<http::Response> answer) {
      auto done = answer.and_then([&](const http::Response& response) { return read(entry, response); });
      const bool matters = !done && (unreadable == Unreadable::kFails || done.error().kind == FailureKind::kTransport);
      if (matters && !failure) failure = std::move(done.error());
    };
    questions.add(std::move(asked));
  }
  questions.run(proposal.wire(), proposal.in_flight());
  if (failure) return tl::unexpected(std::move(*failure));
  return {};
}

}  // namespace referee::proposals
