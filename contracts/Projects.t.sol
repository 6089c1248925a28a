// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedgerTypes} from "./ledger/ILedgerTypes.sol";
import {LedgerWorld} from "./test/LedgerWorld.sol";
import {ProjectHandler} from "./test/ProjectHandler.sol";

/// @dev What must hold of states and metadata after any sequence of calls. The handler checks each edge besides.
contract ProjectInvariants is LedgerWorld {
    ProjectHandler private handler;

    function setUp() public {
        for (uint24 id = 11; id <= 13; ++id) _createDraft(id);
        handler = new ProjectHandler(this);
        manager.grantRole(manager.ADMIN_ROLE(), address(handler), 0);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_StatesAndMetadataAreWhatWasSetLastAndWhatIsFrozenStays() public view {
        for (uint24 id = handler.FROM(); id <= handler.TO(); ++id) {
            ProjectHandler.Kept memory kept = handler.kept(id);
            ILedgerTypes.Project memory project = ledger.projectOf(id);
            require(project.state == kept.state, "state");
            require(project.metadataVersion == kept.version && project.metadataHash == kept.hash, "metadata");
            require(project.metadataFrozen == kept.frozen, "frozen");
            require(keccak256(bytes(ledger.uri(id))) == keccak256(bytes(kept.uri)), "uri");
        }
    }
}
