// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedgerErrors} from "./ILedgerErrors.sol";
import {ILedgerEvents} from "./ILedgerEvents.sol";
import {ILedgerTypes} from "./ILedgerTypes.sol";
import {ProjectWord} from "./ProjectWord.sol";
import {Store} from "./Store.sol";

/// @title The only writer of a project's state.
library States {
    function existing(Store storage store, uint256 projectId) internal view returns (ProjectWord project) {
        project = store.projects[projectId];
        if (project.state() == ILedgerTypes.State.None) {
            revert ILedgerErrors.ProjectNotFound(projectId);
        }
    }

    /// @dev Whether the edge exists is the caller's rule; that the project stands at its beginning is checked here.
    function change(
        Store storage store,
        uint256 projectId,
        ILedgerTypes.State from,
        ILedgerTypes.State to,
        bytes32 reason
    ) internal {
        ProjectWord project = existing(store, projectId);
        ILedgerTypes.State present = project.state();
        if (present != from) revert ILedgerErrors.InvalidStateChange(projectId, present, to);
        store.projects[projectId] = project.withState(to);
        emit ILedgerEvents.ProjectStateChanged(projectId, to, reason);
    }

    /// @dev Enforcement and relinks must not change who the exit counts.
    function requireNotExiting(Store storage store, uint256 projectId) internal view {
        ILedgerTypes.State state = existing(store, projectId).state();
        if (state == ILedgerTypes.State.Exiting || state == ILedgerTypes.State.Exited) {
            revert ILedgerErrors.WrongState(projectId, state);
        }
    }
}
