#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/distribution/capabilities.hpp"

namespace referee::distribution {

/// One question and what came of it.
struct Answer {
  Result result;
  std::string text;  ///< "DELETE /v2/x/manifests/t answered 405"

  /// 0 when nothing came back.
  [[nodiscard]] int status() const { return result ? result->status : 0; }
  [[nodiscard]] bool succeeded() const { return status() >= 200 && status() < 300; }
  [[nodiscard]] bool refused() const { return status() >= 400 && status() < 500; }
  [[nodiscard]] bool has(std::string_view header) const { return result && result->headers.has(header); }
};

/// Asks once for each capability. Every step that cannot be taken leaves its capability present, with the reason: the
/// check then finds out.
class Prober {
 public:
  Prober(Registry& registry, const ProbeOptions& options);
  tl::expected<Capabilities, Unjudgeable> run();
  /// Knocks, and opens an upload. For whoever has no --repository.
  tl::expected<void, Unjudgeable> may_write();

 private:
  [[nodiscard]] tl::expected<void, Unjudgeable> knock();
  /// False: the registry answers, but the step went wrong.
  [[nodiscard]] tl::expected<bool, Unjudgeable> writing(Answer step);
  [[nodiscard]] Answer open_upload();
  /// Pushes the image that later questions are about. False: the registry answers, but the push went wrong.
  [[nodiscard]] tl::expected<bool, Unjudgeable> push_image();

  void ask_about_uploads();
  void ask_about_mounts();
  void ask_about_blobs();
  void ask_about_tags();
  void ask_about_manifests();
  void ask_about_referrers();
  /// Lists by `type`, which `other` is not of.
  void ask_about_filter(const oci::Package& other, std::string_view type);
  void ask_about_deletes();
  /// Those that the options name.
  void ask_about_proposals();
  void ask_about_artifacts();
  void ask_about_references();
  void ask_about_nodes();
  void ask_about_refers();

  /// `what` is "GET /v2/x"; the answer's text says what came of it.
  static Answer answer(std::string what, Result result);
  void record(Capability capability, bool present, const std::vector<const Answer*>& answers,
              std::string_view note = "");
  /// The question was not asked because `reason` went wrong.
  void not_asked(Capability capability, const Answer& reason);
  /// Ends the upload session that a 202 opened.
  void cancel(const Answer& opened);

  [[nodiscard]] Answer put(std::string_view reference, const oci::Content& manifest, const Options& options = {});
  [[nodiscard]] Answer push(std::string_view repository, const oci::Content& blob);
  [[nodiscard]] std::string tag(std::string_view suffix) const;
  /// A manifest of its own over the image's blobs, which are there already.
  [[nodiscard]] oci::ManifestBuilder another_manifest();
  [[nodiscard]] oci::Content small_blob(oci::Algorithm algorithm = oci::Algorithm::kSha256);

  Registry& registry_;
  ProbeOptions options_;
  oci::Random random_;
  std::string_view place_ = "--namespace, --repository";  ///< the options that choose another repository
  oci::Package image_;
  Answer image_answer_;
  Capabilities found_;
};

/// A digest short enough for a sentence.
std::string shortened(std::string_view digest);

}  // namespace referee::distribution
