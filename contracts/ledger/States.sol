// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITerraLuminaOwnership} from "../ITerraLuminaOwnership.sol";
import {ProjectWord} from "./ProjectWord.sol";
import {Store} from "./Store.sol";

/// @title The only writer of a project's state.
library States {
    function existing(Store storage store, uint256 projectId) internal view returns (ProjectWord project) {
        project = store.projects[projectId];
        if (project.state() == ITerraLuminaOwnership.State.None) {
            revert ITerraLuminaOwnership.ProjectNotFound(projectId);
        }
    }

    /// @dev Whether the edge exists is the caller's rule; that the project stands at its beginning is checked here.
    function change(
        Store storage store,
        uint256 projectId,
        ITerraLuminaOwnership.State from,
        ITerraLuminaOwnership.State to,
        bytes32 reason
    ) internal {
        ProjectWord project = existing(store, projectId);
        ITerraLuminaOwnership.State present = project.state();
        if (present != from) revert ITerraLuminaOwnership.InvalidStateChange(projectId, present, to);
        store.projects[projectId] = project.withState(to);
        emit ITerraLuminaOwnership.ProjectStateChanged(projectId, to, reason);
    }

    /// @dev Enforcement and relinks must not change who the exit counts.
    function requireNotExiting(Store storage store, uint256 projectId) internal view {
        ITerraLuminaOwnership.State state = existing(store, projectId).state();
        if (state == ITerraLuminaOwnership.State.Exiting || state == ITerraLuminaOwnership.State.Exited) {
            revert ITerraLuminaOwnership.WrongState(projectId, state);
        }
    }
}
