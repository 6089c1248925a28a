// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";
import {TerraLuminaOwnership} from "../TerraLuminaOwnership.sol";
import {TerraLuminaVault} from "../TerraLuminaVault.sol";

/// @dev A holder that tries, in the middle of what it receives, whatever a holder may do.
contract MeddlingHolder is ERC1155Holder {
    TerraLuminaOwnership private _ledger;
    TerraLuminaVault private _vault;
    address private _friend;

    constructor(TerraLuminaOwnership ledger, TerraLuminaVault vault, address friend) {
        (_ledger, _vault, _friend) = (ledger, vault, friend);
    }

    function onERC1155Received(address a, address from, uint256 id, uint256 units, bytes memory data)
        public
        override
        returns (bytes4)
    {
        _meddle(id, units);
        return super.onERC1155Received(a, from, id, units, data);
    }

    function onERC1155BatchReceived(
        address a,
        address from,
        uint256[] memory ids,
        uint256[] memory units,
        bytes memory data
    ) public override returns (bytes4) {
        for (uint256 i = 0; i < ids.length; ++i) _meddle(ids[i], units[i]);
        return super.onERC1155BatchReceived(a, from, ids, units, data);
    }

    function _meddle(uint256 id, uint256 units) private {
        address[] memory holders = new address[](2);
        (holders[0], holders[1]) = (address(this), _friend);
        uint256[] memory ids = new uint256[](1);
        ids[0] = id;
        try _ledger.safeTransferFrom(address(this), _friend, id, units, "") {
            revert("moved in the middle of a move");
        } catch {}
        try _ledger.safeBatchTransferFrom(address(this), _friend, ids, ids, "") {
            revert("moved several in the middle of a move");
        } catch {}
        try _ledger.exitBatch(id, holders) {
            revert("exited in the middle of a move");
        } catch {}
        try _ledger.moveHoldings(_friend, ids) {} catch {}
        try _ledger.finalizeExit(id) {} catch {}
        try _vault.claimFor(uint24(id), address(this)) {} catch {}
    }
}
