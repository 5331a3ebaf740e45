#include "prober.hpp"

#include <fmt/format.h>

#include "error_code.hpp"
#include "referee/http/url.hpp"

namespace referee::distribution {

std::string shortened(std::string_view digest) {
  constexpr std::size_t kShown = 19;  // "sha256:" and twelve characters
  return digest.size() <= kShown ? std::string(digest) : std::string(digest.substr(0, kShown)) + "...";
}

Prober::Prober(Registry& registry, const ProbeOptions& options)
    : registry_(registry), options_(options), random_(options.seed, "probe"), image_(oci::image(random_)) {
  if (options_.second_repository.empty()) options_.second_repository = options_.repository;
}

Answer Prober::answer(std::string what, Result result) {
  if (!result) {
    what += " got no answer: " + result.error().message;
  } else {
    what += " answered " + status_and_code(*result);
  }
  return {std::move(result), std::move(what)};
}

void Prober::record(Capability capability, bool present, const std::vector<const Answer*>& answers,
                    std::string_view note) {
  Finding finding;
  finding.present = present;
  for (const Answer* one : answers) {
    if (!finding.evidence.empty()) finding.evidence += "; ";
    finding.evidence += one->text;
    if (one->result) finding.exchanges.push_back(one->result->exchange);
  }
  if (!note.empty()) finding.evidence += finding.evidence.empty() ? std::string(note) : fmt::format(" {}", note);
  found_.insert_or_assign(capability, std::move(finding));
}

void Prober::not_asked(Capability capability, const Answer& reason) {
  record(capability, true, {&reason}, "(so it was not asked for)");
}

void Prober::cancel(const Answer& opened) {
  if (opened.status() != 202) return;
  const auto location = opened.result->header("Location");
  if (location && !location->empty()) registry_.cancel_upload(http::resolve(opened.result->url, *location));
}

Answer Prober::put(std::string_view reference, const oci::Content& manifest, const Options& options) {
  return answer(fmt::format("PUT /v2/{}/manifests/{}", options_.repository, shortened(reference)),
                registry_.put_manifest(options_.repository, reference, manifest, options));
}

Answer Prober::push(std::string_view repository, const oci::Content& blob) {
  return answer(fmt::format("the push of blob {} to {}", shortened(blob.digest().str()), repository),
                push_blob(registry_, repository, blob));
}

std::string Prober::tag(std::string_view suffix) const {
  return suffix.empty() ? options_.tag_prefix : fmt::format("{}-{}", options_.tag_prefix, suffix);
}

oci::ManifestBuilder Prober::another_manifest() {
  oci::ManifestBuilder builder;
  builder.config(image_.blobs.at(0)).layer(image_.blobs.at(1)).annotation("org.referee.probe", random_.hex(16));
  return builder;
}

oci::Content Prober::small_blob(oci::Algorithm algorithm) {
  return {std::string(oci::media_type::kOctetStream), random_.bytes(256), algorithm};
}

}  // namespace referee::distribution
